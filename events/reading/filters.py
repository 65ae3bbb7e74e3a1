"""What a list page can be asked: its parameters, their checks, and the same list without one of them.

The parameters have the same name and meaning on every list, and an address with them is all that there is to a search:
q, participant (repeatable, with match=all|any), speaker, country, kind, state, place, topic, outlet, language, reported, from, to,
sort, page. Unknown ones are ignored. A wrong one is said at its field, and the list is empty rather than unfiltered.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, ClassVar

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.paginator import EmptyPage, Page, Paginator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from events import codes, dates, names
from events.models import Agreement, Article, Meeting, Outlet, Participant, Place, Quotation, Topic, published
from events.models.base import RecordQuerySet, visible
from events.models.published import LARGEST_NUMBER

LONGEST_QUERY = 200
LONGEST_LIST = 100  # entries that a form offers; an address can name any other


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

    def filter(self, rows: Any, value: date | None) -> Any:
        if value is None:
            return rows
        return rows.between(None, value) if self.extra.get("last") else rows.between(value, None)


def is_number(text: str) -> bool:
    """Whether the text is the number of a record: such that the database has a place for it."""
    return text.isdecimal() and len(text) <= 19 and int(text) <= LARGEST_NUMBER


class RecordField(django_filters.fields.ModelMultipleChoiceField):
    """Public records by their numbers. The form offers the most used ones and those that are chosen."""

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


def words_filter(rows: RecordQuerySet, text: str, *conditions: Any) -> RecordQuerySet:
    """The rows in which each word of `text` meets one of `conditions`, functions from a word to a Q."""
    for word in text.split()[:12]:
        found = Q()
        for condition in conditions:
            found |= condition(word)
        rows = rows.filter(found)
    return rows


def holds(*fields: str) -> Any:
    """A condition for `words_filter`: the word stands in one of the fields, whatever its case and accents."""

    def condition(word: str) -> Q:
        found = Q()
        for field in fields:
            found |= Q(**{f"{field}__unaccent__icontains": word})
        return found

    return condition


def is_named(owner: str, outer: str, user: Any = None) -> Any:
    """A condition for `words_filter`: the record at `outer`, if `user` may see it, has a name like the word, in any script."""

    def condition(word: str) -> Q:
        return Q(Exists(visible("Name", user).filter(**{owner: OuterRef(outer)}).like(word)))

    return condition


def attended_by_name(user: Any = None) -> Any:
    """A condition for `words_filter` on meetings: somebody whom `user` may see attended, with a name like the word."""

    def condition(word: str) -> Q:
        alike = visible("Name", user).filter(participant__isnull=False).like(word).order_by()
        attended = visible("Attendance", user).filter(
            meeting=OuterRef("pk"), participant__in=alike.values("participant")
        )
        return Q(Exists(attended))

    return condition


PRINTED_AUTHORS = Func(F("authors"), Value("; "), function="array_to_string", output_field=models.CharField())


def language_choices(model: Any) -> list[tuple[str, str]]:
    """The languages that public records of `model` are in, by name."""
    reader = get_language() or "en"
    tags = (
        model.objects.public().exclude(language="").order_by().values_list("language", flat=True).distinct()
    )
    return sorted(
        ((tag, codes.language_name(tag, reader)) for tag in tags), key=lambda pair: names.sort_key(pair[1])
    )


def country_choices() -> list[tuple[str, str]]:
    """The countries that public participants and places are of, by name."""
    reader = get_language() or "en"
    known = {
        country
        for model in (Participant, Place)
        for country in model.objects.public()
        .exclude(country="")
        .order_by()
        .values_list("country", flat=True)
        .distinct()
    }
    return sorted(
        ((code, codes.country_name(code, reader)) for code in known), key=lambda p: names.sort_key(p[1])
    )


class ListFilter(django_filters.FilterSet):
    """The base of all lists: text, order and page, and what a page shows of them."""

    text_label: ClassVar[Any] = _("Words")
    orders: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    order_labels: ClassVar[Mapping[str, Any]] = {}
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
            "q": django_filters.CharFilter(
                method="filter_text", label=cls.text_label, max_length=LONGEST_QUERY, strip=True
            ),
            **super().get_filters(),
        }
        if hasattr(cls._meta.model.objects.all(), "between"):
            filters["from"] = DayFilter(label=_("From"), help_text=_("2023-02-27, 2023-02 or 2023"))
            filters["to"] = DayFilter(
                label=_("To"), help_text=_("that day, month or year included"), last=True
            )
        filters["sort"] = django_filters.ChoiceFilter(
            choices=[(value, cls.order_labels[value]) for value in cls.orders],
            label=_("Sort by"),
            method="keep",
            empty_label=None,
            error_messages={
                "invalid_choice": _("“%(value)s” is not one of the orders. Choose from the list.")
            },
        )
        filters["page"] = PageFilter(
            label=_("Page"),
            method="keep",
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

    def keep(self, rows: RecordQuerySet, name: str, value: Any) -> RecordQuerySet:
        """For parameters that do not narrow the list."""
        return rows

    def filter_text(self, rows: RecordQuerySet, name: str, value: str) -> RecordQuerySet:
        raise NotImplementedError

    @cached_property
    def rows(self) -> RecordQuerySet:
        """The list in its order; empty where a parameter is wrong."""
        if not self.is_valid():
            return self._meta.model.objects.none()
        order = self.form.cleaned_data.get("sort")
        rows = self.filter_queryset(self.queryset.for_list())
        if order or not (self.form.cleaned_data.get("q") and hasattr(rows, "named")):
            rows = rows.order_by(*self.orders[order or next(iter(self.orders))])
        return rows

    @cached_property
    def page(self) -> Page:
        """The page of `rows` that was asked for. A number beyond the last is an error of its field, and the page empty."""
        pages = Paginator(self.rows, self.page_size)
        number = (self.form.cleaned_data.get("page") if self.is_valid() else None) or 1
        try:
            return pages.page(int(number))
        except EmptyPage:
            message = _("There is no page %(asked)s. The last one is %(last)s.")
            self.form.add_error("page", message % {"asked": number, "last": pages.num_pages})
            return Paginator(self._meta.model.objects.none(), self.page_size).page(1)

    @cached_property
    def active(self) -> list[Active]:
        """What narrows the list, one entry a value, in the order of the form."""
        wrong = set() if self.is_valid() else set(self.form.errors)
        found = []
        fields: dict[str, Any] = self.form.fields
        for name, filter_ in self.filters.items():
            if name in ("sort", "page", "match"):
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
    def is_narrowed(self) -> bool:
        return bool(self.active)

    def _without(self, name: str, value: str) -> str:
        """The parameters, as "?…", without one value of one of them, from the first page; "?" where nothing is left."""
        rest = [
            (key, typed)
            for key, typed in self.parameters()
            if key != "page" and not (key == name and typed.strip() == value.strip())
        ]
        if sum(key == "participant" for key, _typed in rest) < 2:
            rest = [(key, typed) for key, typed in rest if key != "match"]
        return self._encoded(rest)

    def address(self, **changes: Any) -> str:
        """The parameters, as "?…", with these set or, by None, left out; on the first page unless `page` is given."""
        rest = [(key, typed) for key, typed in self.parameters() if key not in changes and key != "page"]
        return self._encoded(
            [*rest, *((key, str(value)) for key, value in changes.items() if value is not None)]
        )

    def parameters(self) -> list[tuple[str, str]]:
        """The known parameters that say something, in the order of the form."""
        return [(name, typed) for name in self.filters for typed in self.data.getlist(name)]

    def followed(self) -> str:
        """The parameters, as "?…", with the numbers of merged records followed to what these live on in; "" where they name none.

        A query for each record that is named: for an address that was wrong as it stands.
        """
        found = [(name, self._lives_on(name, typed)) for name, typed in self.parameters()]
        return self._encoded(dict.fromkeys(found)) if found != self.parameters() else ""

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
        query = QueryDict(mutable=True)
        for name, value in parameters:
            query.appendlist(name, value)
        return "?" + query.urlencode()

    @cached_property
    def form(self) -> forms.Form:
        form = super().form
        for field in form.fields.values():
            if isinstance(field, RecordField):
                _offer(field, form, self.data)
        return form


def _offer(field: RecordField, form: forms.Form, data: QueryDict) -> None:
    """Give the widget the chosen records, and after them the first of the others: a form stays short on a large archive."""
    name = next(name for name, one in form.fields.items() if one is field)
    chosen = [int(number) for number in data.getlist(name) if is_number(number)]
    rows = field.queryset
    first = list(rows[:LONGEST_LIST])
    seen = {record.pk for record in first}
    first += list(rows.filter(pk__in=[n for n in chosen if n not in seen])) if set(chosen) - seen else []
    field.widget.choices = sorted(
        ((record.pk, str(record)) for record in first),
        key=lambda pair: (pair[0] not in chosen, names.sort_key(pair[1])),
    )


def _records(model: Any, label: Any, **kwargs: Any) -> RecordFilter:
    """A filter by records of `model`; its list comes from the database when a page is made, not when the module is read."""
    return RecordFilter(queryset=lambda request: model.objects.public().by_name(), label=label, **kwargs)


NEWEST = {"-date": _("Newest first"), "date": _("Oldest first")}


class MeetingFilter(ListFilter):
    text_label = _("Words or names, in any script")
    participant = _records(Participant, _("Participants"), method="filter_participant")
    match = django_filters.ChoiceFilter(
        choices=[("all", _("all of these together")), ("any", _("any of these"))],
        label=_("Attended by"),
        method="keep",
        empty_label=None,
        error_messages={"invalid_choice": _("“%(value)s” is neither “all” nor “any”.")},
    )
    country = ChoicesFilter(choices=country_choices, label=_("Country involved"), method="filter_country")
    kind = ChoicesFilter(choices=Meeting.Kind.choices, label=_("Kind"))
    state = ChoicesFilter(choices=Meeting.State.choices, label=_("State"))
    place = _records(Place, _("Place"), method="filter_place")
    topic = _records(Topic, _("Topic"), method="filter_topic")

    orders = {
        "-date": (F("held_range__startswith").desc(nulls_last=True), "-pk"),
        "date": (F("held_range__startswith").asc(nulls_last=True), "pk"),
        "title": ("sort_key", "pk"),
    }
    order_labels = {**NEWEST, "title": _("Title")}

    class Meta:
        model = Meeting
        fields: ClassVar[list[str]] = []

    def filter_text(self, rows: Any, name: str, value: str) -> Any:
        return words_filter(
            rows, value, holds("title", "summary", "held_on"), attended_by_name(), is_named("place", "place")
        )

    def filter_participant(self, rows: Any, name: str, value: Any) -> Any:
        chosen = list(value)
        return (
            rows.attended_by(chosen, every=self.form.cleaned_data.get("match") != "any") if chosen else rows
        )

    def filter_country(self, rows: Any, name: str, value: list[str]) -> Any:
        return rows.involving(value) if value else rows

    def filter_place(self, rows: Any, name: str, value: Any) -> Any:
        return rows.filter(place__in=Place.objects.public().within([p.pk for p in value])) if value else rows

    def filter_topic(self, rows: Any, name: str, value: Any) -> Any:
        return _with_topic(rows, Meeting, value)


def _with_topic(rows: Any, model: Any, topics: Any) -> Any:
    if not topics:
        return rows
    about = Topic.objects.public().within([topic.pk for topic in topics])
    through = model.topics.through.objects.filter(topic__in=about)
    return rows.filter(Exists(through.filter(**{model._meta.model_name: OuterRef("pk")})))


class QuotationFilter(ListFilter):
    text_label = _("Words, or a speaker in any script")
    speaker = _records(Participant, _("Speaker"))
    topic = _records(Topic, _("Topic"), method="filter_topic")
    language = ChoicesFilter(choices=lambda: language_choices(Quotation), label=_("Language"))
    outlet = _records(Outlet, _("Outlet"), field_name="article__outlet")
    reported = django_filters.ChoiceFilter(
        choices=[("no", _("First-hand only")), ("yes", _("Reported by another participant"))],
        label=_("Reported"),
        method="filter_reported",
        empty_label=_("First-hand and reported"),
        error_messages={"invalid_choice": _("“%(value)s” is neither “no” nor “yes”.")},
    )

    orders = {
        "-date": (F("said_range__startswith").desc(nulls_last=True), "-pk"),
        "date": (F("said_range__startswith").asc(nulls_last=True), "pk"),
        "speaker": (F("speaker_key").asc(nulls_last=True), "pk"),
    }
    order_labels = {**NEWEST, "speaker": _("Speaker")}

    class Meta:
        model = Quotation
        fields: ClassVar[list[str]] = []

    def filter_text(self, rows: Any, name: str, value: str) -> Any:
        return words_filter(rows, value, holds("exact", "attribution"), is_named("participant", "speaker"))

    def filter_topic(self, rows: Any, name: str, value: Any) -> Any:
        return _with_topic(rows, Quotation, value)

    def filter_reported(self, rows: Any, name: str, value: str) -> Any:
        reported = Q(reported_by__in=visible("Participant").values("pk"))
        return rows.filter(reported if value == "yes" else Q(reported_by=None) | ~reported)


class ArticleFilter(ListFilter):
    text_label = _("Title, author or address")
    outlet = _records(Outlet, _("Outlet"))
    language = ChoicesFilter(choices=lambda: language_choices(Article), label=_("Language"))
    kind = ChoicesFilter(choices=Article.Kind.choices, label=_("Kind"))

    orders = {
        "-date": (F("published_range__startswith").desc(nulls_last=True), "-pk"),
        "date": (F("published_range__startswith").asc(nulls_last=True), "pk"),
        "title": ("sort_key", "pk"),
    }
    order_labels = {**NEWEST, "title": _("Title")}

    class Meta:
        model = Article
        fields: ClassVar[list[str]] = []

    def filter_text(self, rows: Any, name: str, value: str) -> Any:
        rows = rows.alias(printed_authors=PRINTED_AUTHORS)
        return words_filter(rows, value, holds("title", "url", "printed_authors"))


class ParticipantFilter(ListFilter):
    text_label = _("Name, in any script")
    kind = ChoicesFilter(choices=Participant.Kind.choices, label=_("Kind"))
    country = ChoicesFilter(choices=country_choices, label=_("Country"))

    orders = {"name": ("sort_key", "pk"), "-meetings": ("-meeting_count", "sort_key", "pk")}
    order_labels = {"name": _("Name"), "-meetings": _("Most meetings first")}
    page_size = 50

    class Meta:
        model = Participant
        fields: ClassVar[list[str]] = []

    def filter_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.named(value)


class PlaceFilter(ListFilter):
    text_label = _("Name, in any script")
    kind = ChoicesFilter(choices=Place.Kind.choices, label=_("Kind"))
    country = ChoicesFilter(choices=country_choices, label=_("Country"))

    orders = {"name": ("sort_key", "pk"), "-meetings": ("-meeting_count", "sort_key", "pk")}
    order_labels = {"name": _("Name"), "-meetings": _("Most meetings first")}
    page_size = 50

    class Meta:
        model = Place
        fields: ClassVar[list[str]] = []

    def filter_text(self, rows: Any, name: str, value: str) -> Any:
        return rows.named(value)


class AgreementFilter(ListFilter):
    participant = _records(Participant, _("Parties"), field_name="parties")
    kind = ChoicesFilter(choices=Agreement.Kind.choices, label=_("Kind"))
    topic = _records(Topic, _("Topic"), method="filter_topic")

    orders = {
        "-date": (F("signed_range__startswith").desc(nulls_last=True), "-pk"),
        "date": (F("signed_range__startswith").asc(nulls_last=True), "pk"),
        "title": ("sort_key", "pk"),
    }
    order_labels = {**NEWEST, "title": _("Title")}

    class Meta:
        model = Agreement
        fields: ClassVar[list[str]] = []

    def filter_text(self, rows: Any, name: str, value: str) -> Any:
        return words_filter(rows, value, holds("title"))

    def filter_topic(self, rows: Any, name: str, value: Any) -> Any:
        return _with_topic(rows, Agreement, value)


class TopicFilter(ListFilter):
    orders = {"name": ("sort_key", "pk"), "-meetings": ("-meeting_count", "sort_key", "pk")}
    order_labels = {"name": _("Name"), "-meetings": _("Most meetings first")}
    page_size = 100

    class Meta:
        model = Topic
        fields: ClassVar[list[str]] = []

    def filter_text(self, rows: Any, name: str, value: str) -> Any:
        return words_filter(rows, value, holds("label", "description"))
