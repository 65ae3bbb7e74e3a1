"""When somebody else saved a record while its form was open: nothing is stored, and the form catches up with the record.

A form carries the values that it was opened with (Django's hidden initial values). After a refused save each field has three values:
what stood there when the form was opened, what the editor has made of it, and what is stored now. What one side alone changed is
taken; a longer text that both changed in different lines is put together; for the rest the editor says whose it shall be, or changes
the field. The page has no choice made beforehand: a value that nobody chose would be somebody's lost update.
What the next save would store is then what the form shows, and nothing of the other editor is lost unseen.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _

from events import differences
from events.admin.desk import is_number, is_version
from events.models import Version
from events.models.fields import digest

OPENED_VERSION = "opened_version"
COMMENT = "comment"
NOT_CARRIED = (OPENED_VERSION, COMMENT)
CHOICE = "choose-"  # before the name of a field that both changed: whose it shall be, MINE or THEIRS
DIFFERS = "differs-"  # before the same name: what the editor was shown
MINE, THEIRS = "mine", "theirs"
DELETE = "DELETE"  # Django's name for the box that deletes a row
_DIGEST = "sha256:"
_LONG = 240  # code points: longer values are shown by what was changed in them


@dataclass(frozen=True)
class Difference:
    """One field in three states, in the words that the form shows. `ancestor` is None where nobody knows it any more.

    `name` is that of the field in the page's form where there is something to choose, `marker` what the page has to carry for it.
    """

    label: str
    ancestor: str | None
    mine: str
    theirs: str
    name: str = field(default="", compare=False)
    marker: str = field(default="", compare=False)

    @property
    def is_row(self) -> bool:
        """Whether a whole row is to be chosen: one that the editor wants to delete, and somebody else has changed."""
        return self.name.endswith(f"-{DELETE}")

    @property
    def is_long(self) -> bool:
        return max(len(text) for text in (self.ancestor or "", self.mine, self.theirs)) > _LONG

    @property
    def changed_by_me(self) -> list[differences.Piece]:
        """What of a long text was changed against the ancestor; where that is unknown, what tells mine from theirs."""
        return differences.difference(self.theirs if self.ancestor is None else self.ancestor, self.mine)

    @property
    def against_theirs(self) -> list[differences.Piece]:
        return differences.difference(self.theirs, self.mine)

    @property
    def changed_by_them(self) -> list[differences.Piece]:
        if self.ancestor is None:
            return []
        return differences.difference(self.ancestor, self.theirs)


@dataclass
class Comparison:
    """What two editors made of one record: what both changed, what the form took over, and what was put together."""

    both: list[Difference] = field(default_factory=list)
    theirs: list[Difference] = field(default_factory=list)
    merged: list[Difference] = field(default_factory=list)
    mine: list[str] = field(default_factory=list)

    @property
    def open(self) -> list[Difference]:
        """What the editor has to decide."""
        return [one for one in self.both if one.name]


class DigestInput(forms.HiddenInput):
    """Remembers a long text by its digest."""

    def format_value(self, value: Any) -> str:
        text = str(value or "")
        return text if text.startswith(_DIGEST) else text_digest(text)


class LongTextField(forms.CharField):
    """A text, blanks at its ends included. The form remembers what it was opened with by a digest alone."""

    hidden_widget = DigestInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{**kwargs, "strip": False})

    def has_changed(self, initial: Any, data: Any) -> bool:
        sent = str(data or "")
        return DigestInput().format_value(initial) != text_digest(sent)


def text_digest(text: str) -> str:
    return _DIGEST + digest(text.replace("\r\n", "\n"))


class VersionField(forms.IntegerField):
    """The version that a form was opened with, as the page carries it. What is no number is no version: None."""

    widget = forms.HiddenInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, **kwargs})

    def clean(self, value: Any) -> int | None:
        try:
            return super().clean(value)
        except ValidationError:
            return None

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Never: a row that is stale, but that the editor left alone, must not be written with what it was opened with."""
        return False


@dataclass(frozen=True)
class Marker:
    """What a page showed of a field that both changed: the version it was opened with, and digests of both values."""

    version: int
    mine: str
    theirs: str

    @classmethod
    def read(cls, text: str) -> "Marker | None":
        """None where the text is no marker that the desk has written."""
        version, _dot, rest = text.partition(".")
        mine, _dot, theirs = rest.partition(".")
        return cls(int(version), mine, theirs) if is_version(version) else None

    def __str__(self) -> str:
        return f"{self.version}.{self.mine}.{self.theirs}"


class OpenedForm(forms.ModelForm):
    """A form that knows what it was opened with. `is_stale` says that the record has changed since.

    Fields that both changed come back with the editor's choice, which takes effect before anything is checked; `undecided` holds
    what was not chosen, with the reason, and is an error at the field.
    """

    is_stale = False
    is_version_unknown = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.undecided: dict[str, str] = {}
        self.markers: dict[str, Marker] = {}
        self.decided: QueryDict = QueryDict(mutable=True)
        if self.instance.pk:
            for name, one in self.fields.items():
                one.show_hidden_initial = name not in NOT_CARRIED
            if self.is_bound:
                self._decide()

    def _decide(self) -> None:
        data = self.data
        for name, one in self.fields.items():
            key = self.add_prefix(name)
            marker = Marker.read(data.get(f"{DIFFERS}{key}", ""))
            if marker is None or not one.show_hidden_initial:
                continue
            stored = self.get_initial_for_field(one, name)
            choice = data.get(f"{CHOICE}{key}")
            is_edited = _values_digest(read(data, key)) != marker.mine
            if _values_digest(_as_sent(one, stored)) != marker.theirs:
                self.undecided[name] = _("It was changed once more meanwhile. Look again, and choose.")
            elif choice == THEIRS and is_edited:
                self.undecided[name] = _(
                    "You chose theirs and changed the field, too. Choose “yours” to keep what it says now."
                )
            elif choice not in (MINE, THEIRS) and not is_edited:
                self.undecided[name] = _(
                    "You both changed this. Choose above whose it shall be, or change it."
                )
            else:
                if choice == THEIRS:
                    write(self.decided, key, one, stored)
                write(self.decided, self.add_initial_prefix(name), one, _as_opened(one, stored))
                continue
            self.markers[name] = marker
        if self.decided:
            self.data = self.take_decided(data)

    def take_decided(self, data: Any) -> QueryDict:
        """The data with the values that the editor chose."""
        found = QueryDict(mutable=True)
        for key in data:
            found.setlist(key, data.getlist(key))
        for key in self.decided:
            found.setlist(key, self.decided.getlist(key))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name, reason in self.undecided.items():
            self.add_error(name, reason)
        return cleaned

    def check_version(self) -> bool:
        """Whether the form was opened with the version that is stored; else it is stale."""
        opened, stored = self.cleaned_data.get(OPENED_VERSION), self.instance.version
        self.is_stale = bool(self.instance.pk) and opened != stored
        self.is_version_unknown = self.is_stale and (opened is None or not 0 < opened < stored)
        return not self.is_stale

    @cached_property
    def opened_number(self) -> int:
        """The version that the page says it was opened with; 0 where it does not say."""
        opened = self.fields[OPENED_VERSION].clean(self.data.get(self.add_prefix(OPENED_VERSION)))
        return opened if opened and 0 < opened <= self.instance.version else 0


def rows_not_decided(data: Any) -> list[str]:
    """The prefixes of rows that the editor wants to delete, that somebody else has changed, and of which nothing was chosen."""
    end = f"-{DELETE}"
    names = [key.removeprefix(DIFFERS) for key in data if key.startswith(DIFFERS) and key.endswith(end)]
    return [
        name.removesuffix(end)
        for name in names
        if data.get(name) and data.get(f"{CHOICE}{name}") not in (MINE, THEIRS)
    ]


def keep_chosen_rows(data: Any) -> Any:
    """The data without the boxes that would delete rows which the editor chose to keep as somebody else has changed them."""
    end = f"-{DELETE}"
    kept = [
        key.removeprefix(CHOICE)
        for key in data
        if key.startswith(CHOICE) and key.endswith(end) and data.get(key) == THEIRS
    ]
    if not any(name in data for name in kept):
        return data
    found = data.copy()
    for name in kept:
        found.pop(name, None)
    return found


def take_stored(form: OpenedForm, data: QueryDict, found: Comparison, row: str = "") -> None:
    """Put the stored values into `data` where they can be taken, and note in `found` what was changed by whom."""
    for name, one in form.fields.items():
        key, opened_key = form.add_prefix(name), form.add_initial_prefix(name)
        if name == OPENED_VERSION:
            data[key] = str(form.instance.version)
        if not one.show_hidden_initial:
            continue
        stored = form.get_initial_for_field(one, name)
        is_mine = name in form.changed_data
        is_known = is_carried(form, name, one)
        if (is_mine and not is_known) or (is_known and is_other(one, read(form.data, opened_key), stored)):
            label = str(form[name].label)
            marker = form.markers.get(name)
            difference = Difference(
                f"{row}: {label}" if row else label,
                _ancestor(form, name, one, marker),
                shown(form[name].value(), one),
                shown(stored, one),
            )
            if is_mine and is_other(one, read(data, key), stored):
                text = _merged(one, difference)
                if text is None:
                    number = marker.version if marker else form.opened_number if row == "" else 0
                    carried = Marker(
                        number, _values_digest(read(data, key)), _values_digest(_as_sent(one, stored))
                    )
                    found.both.append(replace(difference, name=key, marker=str(carried)))
                    continue  # the opened value stays in the page until the editor has decided
                data[key] = text
                found.merged.append(replace(difference, mine=text))
            elif not is_mine:
                write(data, key, one, stored)
                found.theirs.append(difference)
        elif is_mine:
            label = str(form[name].label)
            found.mine.append(f"{row}: {label}" if row else label)
        else:
            write(data, key, one, stored)
        write(data, opened_key, one, _as_opened(one, stored))


def _merged(one: forms.Field, difference: Difference) -> str | None:
    """Both changes of a longer text, where they do not meet."""
    if not isinstance(one.widget, forms.Textarea) or difference.ancestor is None:
        return None
    return differences.merge(difference.ancestor, difference.mine, difference.theirs)


def _ancestor(form: OpenedForm, name: str, one: forms.Field, marker: Marker | None) -> str | None:
    """What stood in the field when the form was opened; of a long text what the history holds of it."""
    opened = read(form.data, form.add_initial_prefix(name))
    if not is_carried(form, name, one):
        return None
    if isinstance(one, LongTextField):
        number = marker.version if marker else form.opened_number
        version = Version.objects.at(form.instance, number) if number else None
        text = str(version.fields.get(name, "")) if version is not None else ""
        return text if opened == [text_digest(text)] else None
    if isinstance(one, forms.ModelMultipleChoiceField):
        return shown(opened, one)
    return shown(opened[0] if opened else None, one)


def is_carried(form: OpenedForm, name: str, one: forms.Field) -> bool:
    """Whether the page says what the field was opened with. Of an empty choice of several a browser sends nothing."""
    return form.add_initial_prefix(name) in form.data or isinstance(one, forms.ModelMultipleChoiceField)


def is_other(one: forms.Field, values: list[str], stored: Any) -> bool:
    """Whether the stored value is another one than these, as a browser sends them."""
    if isinstance(one, LongTextField):
        return one.has_changed(values[0] if values else "", stored)
    if isinstance(one, forms.ModelMultipleChoiceField):
        return set(values) != set(_as_sent(one, stored))
    if isinstance(one, forms.ModelChoiceField):
        return (values or [""]) != _as_sent(one, stored)
    if isinstance(one, forms.BooleanField):
        return bool(one.to_python(values[0] if values else "")) != bool(stored)
    stored_values = _as_sent(one, stored)
    try:
        return _as_sent(one, one.to_python(values[0] if values else "")) != _as_sent(
            one, one.to_python(stored_values[0])
        )
    except ValidationError:
        return values != stored_values


def keep_opened(form: OpenedForm, data: QueryDict) -> None:
    """A browser sends nothing of an empty choice of several; written down, it does not turn into what was chosen since."""
    for name, one in form.fields.items():
        key = form.add_initial_prefix(name)
        if one.show_hidden_initial and key not in data:
            data.setlist(key, [])


def read(data: Any, name: str) -> list[str]:
    """What the browser sent under a name, with line ends as the archive keeps them."""
    return [str(value).replace("\r\n", "\n") for value in data.getlist(name)]


def _as_sent(one: forms.Field, value: Any) -> list[str]:
    """What a browser would send of a value."""
    prepared = one.prepare_value(value)
    if isinstance(one, forms.BooleanField):
        return ["on"] if prepared else []
    if isinstance(prepared, list | tuple):
        return [str(part) for part in prepared]
    return ["" if prepared is None else str(prepared).replace("\r\n", "\n")]


def _as_opened(one: forms.Field, value: Any) -> Any:
    """A value as the page carries it for what the field was opened with."""
    return DigestInput().format_value(value) if isinstance(one, LongTextField) else value


def _values_digest(values: list[str]) -> str:
    return digest("\x00".join(values))[:32]


def write(data: QueryDict, name: str, one: forms.Field, value: Any) -> None:
    """Put a value where a browser would send it."""
    prepared = one.prepare_value(value)
    if isinstance(prepared, list | tuple):
        data.setlist(name, [str(part) for part in prepared])
    elif isinstance(one, forms.BooleanField) and not prepared and not name.startswith("initial-"):
        data.setlist(name, [])
    else:
        data[name] = "" if prepared is None else str(prepared)


def shown(value: Any, one: Any) -> str:
    """A form's value in the words that its widget shows."""
    if isinstance(one, forms.ModelChoiceField):
        known: Any = one.queryset
        numbers = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
        numbers = [str(getattr(part, "pk", part)) for part in numbers if part]
        rows = known.filter(pk__in=[number for number in numbers if is_number(number)])
        return ", ".join(map(str, rows))
    if isinstance(one, forms.BooleanField):
        return _("yes") if one.to_python(value) else _("no")
    if isinstance(one, forms.ChoiceField):
        options: Any = one.choices
        return str(dict(options).get(value, value or ""))
    prepared = one.prepare_value(value)
    return "" if prepared is None else str(prepared).replace("\r\n", "\n")
