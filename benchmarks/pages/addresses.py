"""What is asked: one row an address, with the bare SQL for the same rows and the naive way to get them.

{words} in braces are values of the archive that is measured (`values`), so that a filter finds much or little as it says.
"""

from dataclasses import dataclass
from urllib.parse import quote_plus

import psycopg

PUBLIC = "it.status = 'published' and it.merged_into_id is null"


@dataclass(frozen=True)
class Rows:
    """The rows of a list's page: as SQL that uses the indexes (the floor), and as whoever thinks of nothing would ask for them."""

    table: str
    where: str = ""
    order: str = "id desc"
    after: str = ""  # the position of a deep page by its key; the naive way counts its rows off
    page: str = ""  # the number of the page, where it is not the first
    words: str = ""  # columns in which the naive way looks for {q}
    facets: tuple[str, ...] = ()  # SQL of the values of each facet, for the naive way; `rows` are the list's
    size: int = 25

    @property
    def floor(self) -> str:
        if self.words:
            return ""  # what finds words fast is what is measured
        conditions = " and ".join(filter(None, [PUBLIC, self.where, self.after]))
        return f"select it.* from {self.table} it where {conditions} order by {self.order} limit {self.size}"

    @property
    def naive(self) -> list[str]:
        found = " or ".join(
            f"unaccent(it.{column}) ilike '%%' || unaccent(%(q)s) || '%%'" for column in self.words.split()
        )
        conditions = " and ".join(filter(None, [PUBLIC, self.where, found and f"({found})"]))
        rows = f"select it.* from {self.table} it where {conditions}"
        offset = f" offset ({self.page} - 1) * {self.size}" if self.page else ""
        return [
            f"{rows} order by {self.order} limit {self.size}{offset}",
            f"select count(*) from ({rows}) rows",
            *(facet.format(rows=rows) for facet in self.facets),
        ]


@dataclass(frozen=True)
class Address:
    kind: str
    path: str
    rows: Rows | None = None
    deep_of: str = ""  # the path of which this is a later page


NEWEST = "lower(it.held_range) desc nulls last, it.id desc"
SAID = "lower(it.said_range) desc nulls last, it.id desc"
PRINTED = "lower(it.published_range) desc nulls last, it.id desc"
COUNTED = "select {column}, count(*) from ({{rows}}) it group by 1"
BY_TOPIC = "select topic_id, count(*) from events_{noun}_topics one join ({{rows}}) it on it.id = one.{noun}_id group by 1"
MEETING_FACETS = (
    "select participant_id, count(*) from events_attendance one join ({rows}) it on it.id = one.meeting_id group by 1",
    "select country, count(distinct it.id) from events_attendance one join ({rows}) it on it.id = one.meeting_id"
    " join events_participant who on who.id = one.participant_id group by 1",
    COUNTED.format(column="kind"),
    COUNTED.format(column="state"),
    COUNTED.format(column="place_id"),
    BY_TOPIC.format(noun="meeting"),
    COUNTED.format(column="extract(year from lower(held_range))"),
)
QUOTATION_FACETS = (
    COUNTED.format(column="speaker_id"),
    BY_TOPIC.format(noun="quotation"),
    COUNTED.format(column="language"),
    "select outlet_id, count(*) from ({rows}) it join events_article article on article.id = it.article_id group by 1",
    COUNTED.format(column="reported_by_id is null"),
    COUNTED.format(column="extract(year from lower(said_range))"),
)
ARTICLE_FACETS = tuple(
    COUNTED.format(column=column)
    for column in ("outlet_id", "language", "kind", "extract(year from lower(published_range))")
)


def meetings(where: str = "", **kwargs: str) -> Rows:
    return Rows("events_meeting", where, **{"order": NEWEST, "facets": MEETING_FACETS, **kwargs})


def quotations(where: str = "", **kwargs: str) -> Rows:
    article = "exists (select from events_article a where a.id = it.article_id and a.status = 'published')"
    where = f"{article} and {where}" if where else article
    return Rows("events_quotation", where, **{"order": SAID, "facets": QUOTATION_FACETS, **kwargs})


def articles(where: str = "", **kwargs: str) -> Rows:
    return Rows("events_article", where, **{"order": PRINTED, "facets": ARTICLE_FACETS, **kwargs})


def attended(number: str) -> str:
    return f"exists (select from events_attendance a where a.meeting_id = it.id and a.participant_id = %({number})s)"


ABOUT = "exists (select from events_{0}_topics t where t.{0}_id = it.id and t.topic_id = %(topic)s)"
INVOLVING = (
    "(exists (select from events_attendance a join events_participant p on p.id = a.participant_id where a.meeting_id = it.id and p.country = 'AM')"
    " or exists (select from events_place p where p.id = it.place_id and p.country = 'AM'))"
)
BY = "lower(it.{}) <= %(day)s and (lower(it.{}), it.id) < (%(day)s, %(number)s)"

ADDRESSES = (
    # Lists
    Address("list", "/meetings/", meetings()),
    Address("order", "/meetings/?sort=title", meetings(order="it.sort_key, it.id")),
    Address("filter", "/meetings/?participant={speaker}", meetings(attended("speaker"))),
    Address("filter", "/meetings/?participant={rare_speaker}", meetings(attended("rare_speaker"))),
    Address("filter", "/meetings/?participant={speaker}&participant={second}", meetings(f"{attended('speaker')} and {attended('second')}")),
    Address("filter", "/meetings/?country=AM", meetings(INVOLVING)),
    Address("filter", "/meetings/?kind=talks", meetings("it.kind = 'talks'")),
    Address("filter", "/meetings/?state=cancelled", meetings("it.state = 'cancelled'")),
    Address("filter", "/meetings/?place={place}", meetings("it.place_id = %(place)s")),
    Address("filter", "/meetings/?topic={topic}", meetings(ABOUT.format("meeting"))),
    Address("filter", "/meetings/?from=2020&to=2022", meetings("it.held_range && '[2020-01-01,2023-01-01)'")),
    Address(
        "three filters", "/meetings/?kind=talks&topic={topic}&from=2015",
        meetings(f"it.kind = 'talks' and it.held_range && '[2015-01-01,)' and {ABOUT.format('meeting')}"),
    ),
    Address("list", "/quotations/", quotations()),
    Address("filter", "/quotations/?speaker={speaker}", quotations("it.speaker_id = %(speaker)s")),
    Address("filter", "/quotations/?speaker={rare_speaker}", quotations("it.speaker_id = %(rare_speaker)s")),
    Address("filter", "/quotations/?topic={topic}", quotations(ABOUT.format("quotation"))),
    Address("filter", "/quotations/?language=hy", quotations("it.language = 'hy'")),
    Address("filter", "/quotations/?outlet={outlet}", quotations("exists (select from events_article o where o.id = it.article_id and o.outlet_id = %(outlet)s)")),
    Address("filter", "/quotations/?reported=yes", quotations("it.reported_by_id is not null")),
    Address(
        "three filters", "/quotations/?topic={topic}&language=ru&from=2020",
        quotations(f"it.language = 'ru' and it.said_range && '[2020-01-01,)' and {ABOUT.format('quotation')}"),
    ),
    Address("order", "/quotations/?sort=speaker", quotations(order="it.speaker_id, it.id")),
    Address("list", "/articles/", articles()),
    Address("filter", "/articles/?outlet={outlet}", articles("it.outlet_id = %(outlet)s")),
    Address("filter", "/articles/?language=fr&kind=readout", articles("it.language = 'fr' and it.kind = 'readout'")),
    Address("list", "/participants/", Rows("events_participant", order="it.sort_key, it.id", facets=(COUNTED.format(column="kind"), COUNTED.format(column="country")), size=50)),
    Address("filter", "/participants/?country=GE", Rows("events_participant", "it.country = 'GE'", order="it.sort_key, it.id", facets=(COUNTED.format(column="kind"),), size=50)),
    Address("order", "/participants/?sort=-meetings"),
    Address("list", "/places/", Rows("events_place", order="it.sort_key, it.id", facets=(COUNTED.format(column="kind"), COUNTED.format(column="country")), size=50)),
    Address("list", "/agreements/", Rows("events_agreement", order="lower(it.signed_range) desc nulls last, it.id desc", facets=(COUNTED.format(column="kind"),))),
    Address("list", "/topics/", Rows("events_topic", order="it.sort_key, it.id", size=100)),
    # Deep pages
    Address("deep page", "/meetings/?page={meeting_page}", meetings(after=BY.format("held_range", "held_range"), page="%(meeting_page)s"), "/meetings/"),
    Address("deep page", "/quotations/?page={quotation_page}", quotations(after=BY.format("said_range", "said_range"), page="%(quotation_page)s"), "/quotations/"),
    # Words
    Address("common word", "/quotations/?q=region", quotations(words="exact attribution")),
    Address("common word", "/quotations/?q=регионе", quotations(words="exact attribution")),
    Address("rare word", "/quotations/?q=walnuts", quotations(words="exact attribution")),
    Address("exact words", "/quotations/?q=%22a lasting peace in the region%22", quotations(words="exact attribution")),
    Address("word and filters", "/quotations/?speaker={speaker}&language=en&q=treaty", quotations("it.speaker_id = %(speaker)s and it.language = 'en'", words="exact attribution")),
    Address("common word", "/meetings/?q=talks", meetings(words="title summary")),
    Address("name, another script", "/meetings/?q={cyrillic}", meetings(words="title summary")),
    Address("name and year", "/meetings/?q={cyrillic} 2023", meetings(words="title summary")),
    Address("name, another script", "/quotations/?q={armenian}", quotations(words="exact attribution")),
    Address("name, another script", "/participants/?q={georgian}", Rows("events_participant", words="name", order="it.sort_key, it.id", size=50)),
    Address("common word", "/articles/?q=peace", articles(words="title")),
    # Search, days, facets and suggestions
    Address("search", "/search/?q=region"),
    Address("search", "/search/?q=region&noun=quotation"),
    Address("search", "/search/?q=walnuts"),
    Address("search", "/search/?q={cyrillic} 2023"),
    Address("search", "/search/?q={cyrillic}&exact=1"),
    Address("days", "/meetings/2023/", meetings("it.held_range && '[2023-01-01,2024-01-01)'", facets=())),
    Address("days", "/meetings/2023/02/", meetings("it.held_range && '[2023-02-01,2023-03-01)'", facets=())),
    Address("days", "/meetings/2023/02/27/", meetings("it.held_range && '[2023-02-27,2023-02-28)'", facets=())),
    Address("days", "/meetings/on-this-day/02-27/"),
    Address("facet", "/meetings/by/participant/"),
    Address("facet", "/quotations/by/speaker/?topic={topic}"),
    Address("suggestion", "/suggest/?q={beginning}&noun=participant"),
    Address("suggestion", "/suggest/?q=Ba&noun=place"),
    Address("suggestion", "/suggest/?q=bor&noun=topic"),
    # Records
    Address("record", "/meetings/{meeting}/"),
    Address("record", "/quotations/{quotation}/"),
    Address("record", "/articles/{article}/"),
    Address("record", "/participants/{speaker}/"),
    Address("record", "/participants/{rare_speaker}/"),
    Address("record", "/places/{place}/"),
    Address("record", "/topics/{topic}/"),
    Address("record", "/agreements/{agreement}/"),
    Address("page", "/"),
    Address("page", "/about/names/"),
)  # fmt: skip

MOST = "order by count(*) desc, 1 limit 1"
SPOKEN = (
    "from events_quotation q join events_participant p on p.id = q.speaker_id"
    " where q.status = 'published' and p.status = 'published' and p.kind = 'person' group by 1"
)
NAMED = "select text from events_name where participant_id = %(speaker)s and language = '{}'"
VALUES = {
    "speaker": f"select speaker_id {SPOKEN} {MOST}",
    "second": "select b.participant_id from events_attendance a join events_attendance b using (meeting_id) join events_participant p on p.id = b.participant_id"
    f" where a.participant_id = %(speaker)s and b.participant_id <> a.participant_id and p.status = 'published' group by 1 {MOST}",
    "rare_speaker": f"select speaker_id {SPOKEN} having count(*) > 1 order by count(*), 1 limit 1",
    "place": f"select place_id from events_meeting m join events_place p on p.id = m.place_id where p.status = 'published' group by 1 {MOST}",
    "topic": f"select topic_id from events_quotation_topics o join events_topic t on t.id = o.topic_id where t.status = 'published' group by 1 {MOST}",
    "outlet": f"select outlet_id from events_article a join events_outlet o on o.id = a.outlet_id where o.status = 'published' group by 1 {MOST}",
    "meeting": "select meeting_id from events_quotation q join events_meeting m on m.id = q.meeting_id where m.status = 'published' and q.status = 'published'"
    f" group by 1 {MOST}",
    "article": "select article_id from events_quotation q join events_article a on a.id = q.article_id where a.status = 'published' and a.text <> ''"
    f" group by 1 {MOST}",
    "quotation": "select id from events_quotation q where article_id = %(article)s and status = 'published' order by id limit 1",
    "agreement": "select id from events_agreement where status = 'published' order by id desc limit 1",
    "beginning": "select left(split_part(name, ' ', 2), 3) from events_participant where id = %(speaker)s",
    "cyrillic": "select split_part(text, ' ', 2) from events_name where participant_id = %(speaker)s and language = 'ru'",
    "armenian": "select split_part(n.text, ' ', 2) from events_name n join events_quotation q on q.speaker_id = n.participant_id"
    " where n.language = 'hy' and q.status = 'published' group by n.text order by count(*) desc, 1 limit 1",
    "georgian": "select split_part(n.text, ' ', 2) from events_name n join events_quotation q on q.speaker_id = n.participant_id"
    " where n.language = 'ka' and q.status = 'published' group by n.text order by count(*) desc, 1 limit 1",
    "meeting_page": f"select least(10000, greatest(1, count(*) / 25)) from events_meeting it where {PUBLIC}",
    "quotation_page": f"select least(10000, greatest(1, count(*) / 25)) from published.events_quotation it where {PUBLIC}",
}
# Where a deep page begins, for the floor: its place by number, found once.
PLACE = (
    "select lower({range}) as day, id as number from {table} it where {public} order by lower({range}) desc nulls last, id desc"
    " offset ({page} - 1) * 25 limit 1"
)


def values(connection: psycopg.Connection) -> dict[str, object]:
    """What stands for the words in braces in this archive."""
    found: dict[str, object] = {}
    for name, query in VALUES.items():
        row = connection.execute(query, found).fetchone()
        found[name] = row[0] if row else None
    return found


def path_of(address: Address, known: dict[str, object]) -> str:
    return address.path.format(**{name: quote_plus(str(value)) for name, value in known.items()}).replace(
        " ", "+"
    )


def asked(address: Address, known: dict[str, object], connection: psycopg.Connection) -> dict[str, object]:
    """The parameters of the address's SQL."""
    parameters = dict(known)
    if "?q=" in address.path or "&q=" in address.path:
        parameters["q"] = address.path.partition("q=")[2].partition("&")[0].replace("%22", "").format(**known)
    if address.rows and address.rows.after:
        column = "held_range" if "held_range" in address.rows.order else "said_range"
        query = PLACE.format(range=column, table=address.rows.table, public=PUBLIC, page=address.rows.page)
        row = connection.execute(query, known).fetchone()
        parameters |= {"day": row[0], "number": row[1]}
    return parameters
