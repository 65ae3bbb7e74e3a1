"""The tables that editors fill in: one definition a column, from which reading, empty sheets and the docs come."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Kind = Literal[
    "text", "choice", "flag", "list", "reference", "references", "attendees", "names", "sources", "words", "occurrence", "key",
    "record", "ignored",
]  # fmt: skip


@dataclass(frozen=True)
class Column:
    """A column of a table: its header, how its cells are read, and what an editor is told about it.

    `field` is the field of the model that takes the value, where it is not called like the header. `to` names the model that
    a reference leads to. Without a `help` of its own the column is explained by the field's.
    """

    header: str
    kind: Kind = "text"
    field: str = ""
    to: str = ""
    required: bool = False
    example: str = ""
    help: str | Promise = ""

    @property
    def attribute(self) -> str:
        return self.field or self.header


@dataclass(frozen=True)
class Table:
    """A table: the noun in the plural, the model that its rows become, and its columns.

    `owners` are the columns that name the records that a row belongs to, for rows that have no address of their own.
    """

    noun: str
    model_name: str
    columns: tuple[Column, ...]
    owners: tuple[str, ...] = ()
    # Texts of articles are long, so fewer rows are held at a time.
    batch: int = 500

    @cached_property
    def model(self) -> Any:
        return apps.get_model("events", self.model_name)

    @cached_property
    def by_header(self) -> dict[str, Column]:
        return {column.header: column for column in self.columns}

    @cached_property
    def required(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.columns if column.required)

    @cached_property
    def within(self) -> tuple[Column, ...]:
        """The columns that refer to other rows of the same table."""
        return tuple(column for column in self.columns if column.to == self.model_name)

    def explain(self, column: Column) -> str:
        """What the column is for, in the editor's words, with the values that it takes where these are few."""
        told = str(column.help)
        field = self.model_field(column)
        if not told and field is not None:
            told = str(field.help_text)
        if column.kind == "choice" and field is not None:
            told = f"{told} {_('One of:')} {', '.join(self.choices(column))}."
        return told

    def choices(self, column: Column) -> dict[str, str]:
        """The values that the column takes, with the words that forms show for them."""
        field = self.model_field(column)
        return {str(value): str(label) for value, label in field.choices or () if value}

    def model_field(self, column: Column) -> Any:
        """The field of the model that the column fills; None where there is none."""
        try:
            return self.model._meta.get_field(column.attribute)
        except FieldDoesNotExist:
            return None


_REFERENCE = _("By its name in any script, its key or its number: #412.")
_ARTICLE = _("By its address, its key or its number: #412.")
_BY_TITLE = _("By its title, its key or its number: #412.")
_RECORD = Column(
    "record",
    "record",
    example="#412",
    help=_(
        "#412 for the record of this number, “new” for a new one although the archive has a similar one. Empty: found by the key, else by what the row says."
    ),
)
_KEY = Column(
    "key",
    "key",
    example="lavrov-aliyev-2023-02-27",
    help=_("A name of your own for the row, by which it is known again and other rows can refer to it."),
)
_NAMES = Column(
    "names",
    "names",
    example="ru: Сергей Лавров; hy: Սերգեյ Լավրով",
    help=_("More names, each after its language and a colon; parted by semicolons. Missing ones are added."),
)
_TOPICS = Column(
    "topics",
    "references",
    to="topic",
    example="Peace process; Border delimitation",
    help=_("What it is about: labels, keys or numbers, parted by semicolons; the whole list."),
)
_NAME_HELP = _("As English pages print it. Other spellings and scripts go into names.")


def _described(column: str, to: str, **more: Any) -> Column:
    by = {"article": _ARTICLE, "meeting": _BY_TITLE, "topic": _BY_TITLE, "agreement": _BY_TITLE}.get(
        to, _REFERENCE
    )
    return Column(column, "reference", to=to, **{"help": by, **more})


_ALL = (
    Table(
        "participants",
        "participant",
        (
            _RECORD,
            _KEY,
            Column("kind", "choice", example="person"),
            Column("name", required=True, example="Sergey Lavrov", help=_NAME_HELP),
            Column("sort_name", example="Lavrov, Sergey"),
            Column("country", example="RU"),
            Column("description", example="Minister of Foreign Affairs of Russia since 2004."),
            Column(
                "identifiers",
                "list",
                example="https://www.wikidata.org/wiki/Q58217",
                help=_("Addresses of the same one elsewhere, parted by semicolons."),
            ),
            _NAMES,
        ),
    ),
    Table(
        "places",
        "place",
        (
            _RECORD,
            _KEY,
            Column("kind", "choice", example="city"),
            Column("name", required=True, example="Yerevan", help=_NAME_HELP),
            _described("parent", "place", example="Armenia", help=_("The place it lies in.")),
            Column("country", example="AM"),
            Column("latitude", example="40.1776"),
            Column("longitude", example="44.5126"),
            Column("precision", "choice", example="city"),
            Column("contested", "flag", example="false"),
            _NAMES,
        ),
    ),
    Table(
        "names",
        "name",
        (
            _described("participant", "participant", example="Sergey Lavrov"),
            _described("place", "place", help=_("In place of a participant.")),
            Column("text", required=True, example="Սերգեյ Լավրով"),
            Column("language", example="hy"),
            Column("kind", "choice", example="official"),
            _described(
                "used_by",
                "participant",
                help=_("For contested places: the state or body that uses this name."),
            ),
            Column("valid", example="1936/1991"),
            Column("preferred", "flag", example="true"),
        ),
        owners=("participant", "place"),
    ),
    Table(
        "tenures",
        "tenure",
        (
            Column("key", "ignored", help=_("A name of your own for the row; it is not kept.")),
            _described("participant", "participant", field="person", required=True, example="Sergey Lavrov"),
            _described("body", "participant", help=_("The organisation the office belongs to.")),
            Column("title", required=True, example="Minister of Foreign Affairs", help=_("The office.")),
            _described(
                "on_behalf_of",
                "participant",
                example="Russia",
                help=_("The state or body that the person acts for."),
            ),
            Column("period", example="2004-03-09/.."),
            Column("attested", "flag", example="false"),
        ),
        owners=("participant",),
    ),
    Table(
        "topics",
        "topic",
        (
            _RECORD,
            _KEY,
            Column("label", required=True, example="Border delimitation"),
            _described("broader", "topic", example="Peace process"),
            Column("description", example="Commissions, maps and markers."),
        ),
    ),
    Table(
        "outlets",
        "outlet",
        (
            _RECORD,
            _KEY,
            Column("name", required=True, example="Civil Georgia"),
            Column("kind", "choice", example="news"),
            Column("country", example="GE"),
            _described(
                "speaks_for",
                "participant",
                help=_("For official sites: the state or body whose readouts it publishes."),
            ),
            Column("host", example="civil.ge"),
        ),
    ),
    Table(
        "articles",
        "article",
        (
            _RECORD,
            _KEY,
            _described(
                "outlet",
                "outlet",
                example="civil.ge",
                help=_("By its name, host, key or number. Empty: found by the address."),
            ),
            Column("authors", "list", example="Anna Petrosyan; Giorgi Beridze"),
            Column("title", example="Talks in Tbilisi"),
            Column("language", example="en"),
            Column("published_on", example="2023-02-28"),
            Column("url", example="https://civil.ge/archives/1"),
            Column(
                "rights",
                "choice",
                example="metadata",
                help=_(
                    "What readers may see of the text. Empty: excerpts, and metadata where there is no text."
                ),
            ),
            Column("kind", "choice", example="report"),
            Column("text", help=_("The whole text. In a folder of tables: a file below the folder.")),
            _described("derived_from", "article"),
        ),
        batch=50,
    ),
    Table(
        "meetings",
        "meeting",
        (
            _RECORD,
            _KEY,
            Column("title", required=True, example="Talks between Lavrov and Aliyev"),
            Column("kind", "choice", required=True, example="talks"),
            Column("held_on", example="2023-02-27"),
            _described(
                "place",
                "place",
                example="Lachin corridor [region]",
                help=_(
                    "By its name in any script, its key or its number: #412; of a new one the kind in square brackets."
                ),
            ),
            Column("format", "choice", example="in_person"),
            _described("parent", "meeting", example="Visit of Lavrov to Baku"),
            Column("state", "choice", example="held"),
            Column("summary", example="They spoke about the peace treaty."),
            _TOPICS,
            Column(
                "participants",
                "attendees",
                to="participant",
                example="Sergey Lavrov (guest); European Union [organisation] (mediator)",
                help=_(
                    "Who was there, by name in any script, key or number, parted by semicolons; the role in round brackets: host, guest, mediator, signatory, observer; of a new one the kind in square brackets: person, organisation, state. Missing ones are added."
                ),
            ),
            Column(
                "sources",
                "sources",
                to="article",
                example="https://example.org/a https://example.org/b",
                help=_(
                    "Articles that report it: addresses, keys or numbers, parted by blanks. Missing ones are added."
                ),
            ),
        ),
    ),
    Table(
        "attendances",
        "attendance",
        (
            _described("meeting", "meeting", required=True, example="Talks between Lavrov and Aliyev"),
            _described("participant", "participant", required=True, example="Ильхам Алиев"),
            Column("role", "choice", example="host"),
            Column("title", example="son homologue azéri"),
            Column("note", example="by video link"),
            _described("claimed_by", "participant", help=_("The only side that says so.")),
        ),
        owners=("meeting",),
    ),
    Table(
        "agreements",
        "agreement",
        (
            _RECORD,
            _KEY,
            Column("title", required=True, example="Declaration on Allied Interaction"),
            Column("kind", "choice", required=True, example="declaration"),
            Column("signed_on", example="2022-02-22"),
            _described("meeting", "meeting", example="Talks in Moscow"),
            Column(
                "parties",
                "references",
                to="participant",
                example="Azerbaijan; Россия",
                help=_("Who is bound by it or adopted it, parted by semicolons; the whole list."),
            ),
            Column("url", example="https://example.org/declaration"),
            _TOPICS,
        ),
    ),
    Table(
        "coverages",
        "coverage",
        (
            _described("article", "article", required=True, example="https://example.org/a"),
            _described("meeting", "meeting", required=True, example="Talks between Lavrov and Aliyev"),
            Column(
                "exact",
                "words",
                help=_("The words of the article that say so. However typed, the printed words are kept."),
            ),
            Column("stance", "choice", example="supports"),
        ),
        owners=("article", "meeting"),
        batch=50,
    ),
    Table(
        "quotations",
        "quotation",
        (
            _RECORD,
            _KEY,
            _described("article", "article", required=True, example="https://example.org/a"),
            Column(
                "words",
                "words",
                field="exact",
                required=True,
                example="« les textes adoptés »",
                help=_("The words as printed. However typed, the printed words are kept."),
            ),
            Column(
                "occurrence",
                "occurrence",
                example="2",
                help=_("Where the words stand more than once: 1 for the first time."),
            ),
            _described("speaker", "participant", example="Ильхам Алиев"),
            Column("attribution", example="a fait remarquer Sergei Lavrov"),
            Column("form", "choice", example="direct"),
            Column("language", example="fr"),
            Column("rendering", "choice", example="translation"),
            Column("translated_by", example="TASS"),
            _described("within", "quotation", help=_("The quotation that encloses it: its key or number.")),
            _described(
                "variant_of",
                "quotation",
                help=_("The fuller record of the same statement: its key or number."),
            ),
            _described("reported_by", "participant", help=_("Who repeats the speaker’s words.")),
            _described("meeting", "meeting", help=_("Where it was said.")),
            Column("said_on", example="2023-02-27"),
            _TOPICS,
        ),
        batch=50,
    ),
)
TABLES: dict[str, Table] = {table.noun: table for table in _ALL}
