"""What a list page can be asked: its parameters, their checks, and the same list without one of them.

The parameters have the same name and meaning on every list, and an address with them is all that there is to a search:
q (with exact=1 only as typed), participant (repeatable, with match=all|any), speaker, reporter, meeting, country, kind, state, place, topic, outlet, language,
reported, from, to, sort, page. A wrong one is said at its field, and the list is empty rather than unfiltered.

Each list has one address: the parameters in the order of the form, the values of a repeatable one sorted, and nothing that says nothing: what
is empty, unknown, there twice, or would hold anyway. `canonical()` gives it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar
from urllib.parse import urlencode

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, Page, Paginator
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events import codes, dates, names
from events.models import Agreement, Article, Meeting, Outlet, Participant, Place, Quotation, Topic, published
from events.models.base import RecordQuerySet
from events.models.published import LARGEST_NUMBER
from events.reading import facets, search, tallies

# What a crawler can walk of the lists must end. Who is signed in goes further.
MOST_VALUES = 8
DEEPEST_POSITION = (
    10_000  # of a list that is narrowed or in another order; the plain one is walked to its end
)
MOST_INDEXED = 2  # filters of a list that a search engine shall know

ORDER_LABELS = {
    "relevance": _("Most relevant first"),
    "-date": _("Newest first"),
    "date": _("Oldest first"),
    "title": _("Title"),
    "speaker": _("Speaker"),
    "name": _("Name"),
    "-meetings": _("Most meetings first"),
}


@dataclass(frozen=True)
class Active:
    """One value that narrows a list, and the parameters of the same list without it."""

    label: str
    value: str
    without: str


class DayField(forms.Field):
    """A day, month or year. The value is the first day of it, or with `last` the last one."""

    def __init__(self, *args: Any, last: bool = False, **kwargs: Any) -> None:
        self.last = last
        super().__init__(*args, **kwargs)

    def to_python(self, value: Any) -> date | None:
        text = str(value or "").strip()
        if not text:
            return None
        try:
            day = dates.parse(text)
        except dates.DateError:
            day = None
        if day is None or day.precision not in ("day", "month", "year") or "/" in text or "[" in text:
            raise ValidationError(_("“%s” is no day. Write 2023-02-27, 2023-02 or 2023.") % text, code="day")
        first, after = day.range
        last = date.max if after is None else after - timedelta(days=1)
        return last if self.last else first


class DayFilter(django_filters.Filter):
    field_class = DayField


def _values(cleaned: Any) -> tuple[facets.Chosen, ...]:
    """The values of a facet as they were chosen: numbers of records, or codes."""
    if not cleaned:
        return ()
    if isinstance(cleaned, str):
        return (cleaned,)
    return tuple(getattr(value, "pk", value) for value in cleaned)


def is_number(text: str) -> bool:
    """Whether the text is the number of a record: such that the database has a place for it."""
    return text.isdecimal() and len(text) <= 19 and int(text) <= LARGEST_NUMBER


class RecordField(django_filters.fields.ModelMultipleChoiceField):
    """Public records by their numbers."""

    default_error_messages = {
        "list": _("Choose from the list, or leave this out."),
        "invalid_choice": _("There is no such record: “%(value)s”. Choose from the list, or leave this out."),
        "invalid_pk_value": _("“%(pk)s” is no number of a record. Choose from the list, or leave this out."),
    }

    def _check_values(self, value: Any) -> Any:
        for number in value:
            if str(number).isdecimal() and not is_number(str(number)):
                raise ValidationError(
                    self.error_messages["invalid_choice"],
                    code="invalid_choice",
                    params={"value": number[:40]},
                )
        return super()._check_values(value)


class RecordFilter(django_filters.ModelMultipleChoiceFilter):
    field_class = RecordField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": forms.CheckboxSelectMultiple, **kwargs})


class PageFilter(django_filters.Filter):
    field_class = forms.IntegerField


class ChoicesFilter(django_filters.MultipleChoiceFilter):
    """Any of the chosen values."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"widget": forms.CheckboxSelectMultiple, **kwargs})


class ListForm(forms.Form):
    """The parameters of a list as typed; their errors name the value and show a right one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            hint = f"id_{name}_hint " if field.help_text else ""
            field.widget.attrs["aria-describedby"] = f"{hint}id_{name}_error"
            if isinstance(field, forms.MultipleChoiceField):
                field.error_messages["invalid_choice"] = _(
                    "“%(value)s” is not one of the choices. Choose from the list, or leave this out."
                )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("from"), cleaned.get("to")
        if first and last and last < first:
            self.add_error("to", _("This lies before the first day. Exchange the two, or leave one out."))
        return cleaned


def language_choices(noun: str) -> list[tuple[str, str]]:
    """The languages that public records of the noun are in, by name."""
    reader = get_language() or "en"
    return _choices(noun, "language", lambda tag: codes.language_name(tag, reader))


def country_choices(noun: str) -> list[tuple[str, str]]:
    """The countries that public records of the noun are of, by name."""
    reader = get_language() or "en"
    return _choices(noun, "country", lambda code: codes.country_name(code, reader))


def _choices(noun: str, facet: str, name: Callable[[str], str]) -> list[tuple[str, str]]:
    known, _total = facets.values(facets.Question(noun), facet)
    pairs = [(str(one.value), name(str(one.value))) for one in known]
    return sorted(pairs, key=lambda pair: names.sort_key(pair[1]))


class ListFilter(django_filters.FilterSet):
    """The base of all lists: text, order and page, and what a page shows of them."""

    text_label: ClassVar[Any] = _("Words")
    page_size: ClassVar[int] = 25

    def __init__(self, data: QueryDict | None = None, queryset: RecordQuerySet | None = None) -> None:
        public = self._meta.model.objects.public() if queryset is None else queryset
        typed = QueryDict(mutable=True)
        for name, values in (data or QueryDict()).lists():
            # What a form sends of its empty fields says nothing, a value twice no more than once, and of several values
            # of a field that takes one the last counts.
            if kept := [value for value in dict.fromkeys(values) if value.strip()]:
                several = isinstance(self.base_filters.get(name), RecordFilter | ChoicesFilter)
                typed.setlist(name, kept if several else kept[-1:])
        super().__init__(typed, public)

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        if cls._meta.model is None:
            return super().get_filters()
        filters = {
            "q": django_filters.CharFilter(label=cls.text_label, max_length=search.LONGEST_QUERY, strip=True),
            "exact": django_filters.ChoiceFilter(
                choices=[("1", _("Only what I typed"))],
                label=_("Spelling"),
                empty_label=_("Other spellings too"),
                error_messages={
                    "invalid_choice": _("“%(value)s” says nothing here. Write 1, or leave it out.")
                },
            ),
            **super().get_filters(),
        }
        noun = str(cls._meta.model._meta.model_name)
        if noun in facets.DATED:
            filters["from"] = DayFilter(label=_("From"), help_text=_("2023-02-27, 2023-02 or 2023"))
            filters["to"] = DayFilter(
                label=_("To"), help_text=_("that day, month or year included"), last=True
            )
        filters["sort"] = django_filters.ChoiceFilter(
            choices=[(order, ORDER_LABELS[order]) for order in ("relevance", *facets.ORDERS[noun])],
            label=_("Sort by"),
            error_messages={
                "invalid_choice": _("“%(value)s” is not one of the orders. Choose from the list.")
            },
        )
        filters["page"] = PageFilter(
            label=_("Page"),
            min_value=1,
            error_messages={
                "invalid": _("Write the number of a page: 2."),
                "min_value": _("The first page is 1."),
            },
        )
        return filters

    def get_form_class(self) -> type[forms.Form]:
        fields = {name: filter_.field for name, filter_ in self.filters.items()}
        return type("ListForm", (ListForm,), fields)

    @cached_property
    def question(self) -> facets.Question:
        """What is asked, where nothing of it is wrong."""
        cleaned = self.form.cleaned_data
        noun = str(self._meta.model._meta.model_name)
        return facets.Question(
            noun=noun,
            chosen=tuple(
                (facet.name, values)
                for facet in facets.FACETS[noun]
                if (values := _values(cleaned.get(facet.name)))
            ),
            every=cleaned.get("match") != "any",
            first=cleaned.get("from"),
            last=cleaned.get("to"),
            words=search.parse(cleaned["q"], exact=bool(cleaned.get("exact"))) if cleaned.get("q") else None,
            order=cleaned.get("sort") or "",
        )

    def filter_queryset(self, queryset: Any) -> Any:
        """The rows that fit, for whoever wants more than a page of them."""
        return facets.narrowed(self.question)

    @cached_property
    def answer(self) -> facets.Answer:
        """The numbers of the page that was asked for, and the counts of all facets; empty where a parameter is wrong."""
        if not self.is_valid():
            return facets.Answer(total=0, numbers=[])
        number = self.form.cleaned_data.get("page") or 1
        return facets.ask(self.question, min((number - 1) * self.page_size, LARGEST_NUMBER), self.page_size)

    @cached_property
    def page(self) -> Page:
        """The page of records that was asked for. A number beyond the last is an error of its field, and the page empty."""
        number = int((self.form.cleaned_data.get("page") if self.is_valid() else None) or 1)
        pages = Paginator(range(self.answer.total), self.page_size)
        try:
            pages.validate_number(number)
        except EmptyPage:
            message = _("There is no page %(asked)s. The last one is %(last)s.")
            self.form.add_error("page", message % {"asked": number, "last": pages.num_pages})
            return Page([], 1, Paginator([], self.page_size))
        return Page(self._records(self.answer.numbers), number, pages)

    def _records(self, numbers: Sequence[int]) -> list[Any]:
        found = {record.pk: record for record in self.queryset.filter(pk__in=numbers).for_list().order_by()}
        tallies.tell(found.values())
        records = [found[number] for number in numbers if number in found]
        if self.question.words:
            search.mark(self.question.noun, self.question.words, records)
        return records

    @cached_property
    def words(self) -> search.Words | None:
        """The words that were asked for, as they were understood."""
        return self.question.words if self.is_valid() else None

    @cached_property
    def meant(self) -> list[search.Meant]:
        """What else could have been meant, where nothing was found."""
        return search.meant(self.words) if self.words and not self.answer.total else []

    @property
    def is_ranked_in_part(self) -> bool:
        """Whether more were found than are ordered by relevance."""
        asked = self.is_valid() and self.question
        return bool(asked and asked.ordered == "relevance" and self.answer.total > search.RANKED)

    @cached_property
    def active(self) -> list[Active]:
        """What narrows the list, one entry a value, in the order of the form."""
        wrong = set() if self.is_valid() else set(self.form.errors)
        found = []
        fields: dict[str, Any] = self.form.fields
        for name, filter_ in self.filters.items():
            if name in ("sort", "page", "match") or (name == "exact" and "q" not in self.data):
                continue
            value = self.form.cleaned_data.get(name)
            if name in wrong:
                parts: Iterable[tuple[str, str]] = [(typed, typed) for typed in self.data.getlist(name)]
            elif isinstance(fields[name], RecordField):
                parts = [(str(record), str(record.pk)) for record in value or ()]
            elif isinstance(value, list):
                choices = dict(fields[name].choices)
                parts = [(str(choices.get(part, part)), part) for part in value]
            elif value in (None, ""):
                continue
            elif hasattr(fields[name], "choices"):
                parts = [(str(dict(fields[name].choices)[value]), value)]
            else:
                parts = [(self.data[name].strip(), self.data[name])]
            label = str(filter_.label)
            found += [Active(label, printed, self._without(name, typed)) for printed, typed in parts]
        return found

    @property
    def told(self) -> str:
        """What narrows the list, for the title of its page: some of the values."""
        values = [one.value for one in self.active]
        return ", ".join([*values[:3], *("…" for _more in values[3:4])])

    @property
    def is_narrowed(self) -> bool:
        return bool(self.active)

    def _without(self, name: str, value: str) -> str:
        """The parameters, as "?…", without one value of one of them, from the first page; "?" where nothing is left."""
        gone = self._spelt_value(name, value)
        return self.address(**{name: [one for one in self._typed.get(name, ()) if one != gone]})

    def address(self, **changes: Any) -> str:
        """The parameters, as "?…", with these set (several values of one by a list) or, by None, left out; on the first page unless
        `page` is given; "?" where nothing is left. In the one spelling that `canonical` speaks of."""
        values = {name: several for name, several in self._typed.items() if name != "page"}
        for name, change in changes.items():
            several = change if isinstance(change, list | tuple) else [] if change is None else [change]
            values[name] = [self._spelt_value(name, str(value)) for value in several]
        return self._encoded(self._spelt(values))

    def toggled(self, name: str, value: str) -> str:
        """The parameters, as "?…", with one value of a facet more, or without it where it is chosen; from the first page."""
        value = self._spelt_value(name, value)
        chosen = self._typed.get(name, [])
        if value in chosen:
            return self._without(name, value)
        return self.address(**{name: value if self.takes_one(name) else [*chosen, value]})

    @property
    def ends(self) -> list[forms.BoundField]:
        """The fields of the first and the last day."""
        return [self.form["from"], self.form["to"]]

    @property
    def faceted(self) -> tuple[facets.Facet, ...]:
        """The filters of the list whose values are counted."""
        return facets.counted(str(self._meta.model._meta.model_name))

    def takes_one(self, name: str) -> bool:
        """Whether only one value of a facet can be chosen."""
        return not isinstance(self.filters[name], RecordFilter | ChoicesFilter)

    def chosen(self, name: str) -> list[facets.Chosen]:
        """The values of a facet that the parameters name, whether they are right or wrong."""
        typed = self.data.getlist(name)
        if isinstance(self.filters[name], RecordFilter):
            return [int(number) for number in typed if is_number(number)]
        return list(typed)

    def parameters(self) -> list[tuple[str, str]]:
        """The known parameters that say something, in the order of the form and in one spelling. Asks the database nothing."""
        return self._spelt(self._typed)

    def canonical(self) -> str:
        """The one address of this list: its parameters as "?…", or "" where none says anything."""
        found = self.parameters()
        return self._encoded(found) if found else ""

    @cached_property
    def _typed(self) -> dict[str, list[str]]:
        """The values of the parameters that there are, in one spelling. A page makes an address for each value that it offers."""
        return {
            name: [self._spelt_value(name, typed) for typed in self.data.getlist(name)]
            for name in self.filters
            if name in self.data
        }

    def _spelt_value(self, name: str, typed: str) -> str:
        """The one spelling of a value; a wrong one stays as it was typed."""
        typed = typed.strip()
        filter_ = self.filters.get(name)
        if isinstance(filter_, RecordFilter | PageFilter) and is_number(typed):
            return str(int(typed))
        if isinstance(filter_, DayFilter):
            with suppress(dates.DateError):
                return dates.parse(typed).text
        return typed

    def _spelt(self, values: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
        said = {
            name: sorted(dict.fromkeys(values[name]), key=_in_order)
            for name in self.filters
            if name in values
        }
        usual = facets.ORDERS[str(self._meta.model._meta.model_name)][0]
        # Words put a list in the order of relevance.
        if said.get("sort") == [usual] and not said.get("q"):
            said["sort"] = []
        if said.get("match") == ["all"] or (
            said.get("match") == ["any"] and len(said.get("participant", ())) < 2
        ):
            said["match"] = []
        if said.get("page") == ["1"]:
            said["page"] = []
        return [(name, value) for name, several in said.items() for value in several]

    @property
    def is_beyond_strangers(self) -> bool:
        """Whether only who is signed in is answered: an endless number of addresses has an end for crawlers. Asks the database nothing."""
        found = self.parameters()
        narrowing = [name for name, _value in found if name not in ("match", "sort", "page")]
        page = next((value for name, value in found if name == "page" and is_number(value)), "1")
        is_plain = {name for name, _value in found} <= {"page"}
        return len(narrowing) > MOST_VALUES or (
            not is_plain and (int(page) - 1) * self.page_size >= DEEPEST_POSITION
        )

    @property
    def taken_away(self) -> list[tuple[str, str, str]]:
        """For each value that narrows the list its label, the value as typed, and the parameters without it. Asks the database nothing."""
        return [
            (str(self.filters[name].label), value, self._without(name, value))
            for name, value in self.parameters()
            if name not in ("match", "sort", "page")
        ]

    @property
    def is_indexable(self) -> bool:
        """Whether a search engine shall know this list: by few filters and not by words, in its usual order, its first page (of a list
        without filters each), and with something on it."""
        names = {name for name, _value in self.parameters()}
        narrowing = [name for name, _value in self.parameters() if name != "page"]
        days = len(names & {"from", "to"})
        return (
            not self.form.errors
            and not names & {"q", "sort", "match"}
            and len(narrowing) - max(0, days - 1) <= MOST_INDEXED
            and not (narrowing and "page" in names)
            and bool(self.answer.total)
        )

    def followed(self) -> str:
        """The parameters, as "?…", with the numbers of merged records followed to what these live on in; "" where they name none.

        A query for each record that is named: for an address that was wrong as it stands.
        """
        found: dict[str, list[str]] = {}
        for name, typed in self.parameters():
            found.setdefault(name, []).append(self._lives_on(name, typed))
        spelt = self._spelt(found)
        return self._encoded(spelt) if spelt != self.parameters() else ""

    def _lives_on(self, name: str, typed: str) -> str:
        if not (isinstance(self.filters[name], RecordFilter) and is_number(typed)):
            return typed
        field: Any = self.form.fields[name]
        former = published.former(field.queryset.model, int(typed))
        if former is None or not field.queryset.filter(pk=former.number).exists():
            return typed
        return str(former.number)

    @staticmethod
    def _encoded(parameters: Iterable[tuple[str, str]]) -> str:
        return "?" + urlencode(list(parameters))

    @cached_property
    def form(self) -> forms.Form:
        form = super().form
        orders: Any = form.fields.get("sort")
        if orders:
            # The usual order is the one of an empty field, so that words typed beside it are answered by relevance.
            noun = str(self._meta.model._meta.model_name)
            usual = "relevance" if "q" in self.data else facets.ORDERS[noun][0]
            rest = [
                order for order in facets.ORDERS[noun] if order != usual or self.data.get("sort") == order
            ]
            orders.widget.choices = [
                ("", ORDER_LABELS[usual]),
                *((order, ORDER_LABELS[order]) for order in rest),
            ]
        return form


def _in_order(value: str) -> tuple[bool, int, str]:
    """Numbers by size, before everything else by its letters."""
    return (False, int(value), "") if is_number(value) else (True, 0, value)


def _records(model: Any, label: Any, **kwargs: Any) -> RecordFilter:
    """A filter by records of `model`; its list comes from the database when a page is made, not when the module is read."""
    return RecordFilter(queryset=lambda request: model.objects.public().by_name(), label=label, **kwargs)


class MeetingFilter(ListFilter):
    text_label = _("Words or names, in any script")
    participant = _records(Participant, _("Participants"))
    match = django_filters.ChoiceFilter(
        choices=[("all", _("all of these together")), ("any", _("any of these"))],
        label=_("Attended by"),
        empty_label=None,
        error_messages={"invalid_choice": _("“%(value)s” is neither “all” nor “any”.")},
    )
    country = ChoicesFilter(choices=lambda: country_choices("meeting"), label=_("Country involved"))
    kind = ChoicesFilter(choices=Meeting.Kind.choices, label=_("Kind"))
    state = ChoicesFilter(choices=Meeting.State.choices, label=_("State"))
    place = _records(Place, _("Place"))
    topic = _records(Topic, _("Topic"))

    class Meta:
        model = Meeting
        fields: ClassVar[list[str]] = []


class QuotationFilter(ListFilter):
    text_label = _("Words, or a speaker in any script")
    speaker = _records(Participant, _("Speaker"))
    reporter = _records(Participant, _("Reported by"))
    # Chosen by the link on a meeting's page; nobody looks for it among a hundred thousand.
    meeting = _records(Meeting, _("Meeting"), widget=forms.MultipleHiddenInput)
    topic = _records(Topic, _("Topic"))
    language = ChoicesFilter(choices=lambda: language_choices("quotation"), label=_("Language"))
    outlet = _records(Outlet, _("Outlet"))
    reported = django_filters.ChoiceFilter(
        choices=[("no", _("First-hand only")), ("yes", _("Reported by another participant"))],
        label=_("Reported"),
        empty_label=_("First-hand and reported"),
        error_messages={"invalid_choice": _("“%(value)s” is neither “no” nor “yes”.")},
    )

    class Meta:
        model = Quotation
        fields: ClassVar[list[str]] = []


class ArticleFilter(ListFilter):
    text_label = _("Title, author or address")
    outlet = _records(Outlet, _("Outlet"))
    language = ChoicesFilter(choices=lambda: language_choices("article"), label=_("Language"))
    kind = ChoicesFilter(choices=Article.Kind.choices, label=_("Kind"))

    class Meta:
        model = Article
        fields: ClassVar[list[str]] = []


class ParticipantFilter(ListFilter):
    text_label = _("Name, in any script")
    kind = ChoicesFilter(choices=Participant.Kind.choices, label=_("Kind"))
    country = ChoicesFilter(choices=lambda: country_choices("participant"), label=_("Country"))
    page_size = 50

    class Meta:
        model = Participant
        fields: ClassVar[list[str]] = []


class PlaceFilter(ListFilter):
    text_label = _("Name, in any script")
    kind = ChoicesFilter(choices=Place.Kind.choices, label=_("Kind"))
    country = ChoicesFilter(choices=lambda: country_choices("place"), label=_("Country"))
    page_size = 50

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = []


class AgreementFilter(ListFilter):
    participant = _records(Participant, _("Parties"))
    kind = ChoicesFilter(choices=Agreement.Kind.choices, label=_("Kind"))
    topic = _records(Topic, _("Topic"))

    class Meta:
        model = Agreement
        fields: ClassVar[list[str]] = []


class TopicFilter(ListFilter):
    page_size = 100

    class Meta:
        model = Topic
        fields: ClassVar[list[str]] = []
