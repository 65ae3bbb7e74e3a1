"""Whether the sources still say what the archive quotes: one article, or all whose turn it is."""

import heapq
import itertools
import logging
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from events import addresses
from events.editing import snapshots, standing
from events.editing.fetching import FetchError, Page
from events.editing.standing import Shown, Words
from events.editing.visiting import LONGEST_WAIT, NotAllowed, PutOff, Visitor
from events.models import Article, PageCheck, Quotation, SourceCheck, Status

TOO_MANY = 429  # the status of a server that wants fewer requests
RETRY = timedelta(hours=20)  # after a failure a page is asked again at the next day's run, not at once
log = logging.getLogger(__name__)
State = SourceCheck.State


@dataclass(frozen=True)
class Report:
    """What a check of one article came to. `failure` says why nothing could be told; then nothing that was known has changed."""

    article: int
    url: str
    failure: str = ""
    is_put_off: bool = False  # the host asked to wait; the article was not asked for
    is_refused: bool = False  # by the site's robots.txt
    is_gone: bool = False
    is_stored: bool = False  # a new snapshot
    states: dict[str, int] = field(
        default_factory=dict
    )  # how many quotations are "same", "moved", "changed", "gone", "failing"


def due(older_than: timedelta, now: datetime | None = None) -> QuerySet[Article]:
    """The published articles with an address whose page was not checked within the time, or that have got quotations since; those
    that were asked the longest ago come first. One whose server failed waits a day, one whose page cannot be read the whole time."""
    now = now or timezone.now()
    is_new = Quotation.objects.public().filter(
        article=OuterRef("pk"), source_check=None, updated_at__gt=OuterRef("page_check__checked_at")
    )
    is_old = Q(page_check__checked_at=None) | Q(page_check__checked_at__lte=now - older_than) | Exists(is_new)
    has_waited = (
        Q(page_check__failure="")
        | Q(page_check__failures__gt=0, page_check__tried_at__lte=now - min(RETRY, older_than))
        | Q(page_check__failures=0, page_check__tried_at__lte=now - older_than)
    )
    return (
        Article.objects.public()
        .exclude(url="")
        .filter(Q(page_check=None) | is_old & has_waited)
        .order_by(F("page_check__tried_at").asc(nulls_first=True), "pk")
    )


def run(articles: Iterable[tuple[int, str]], visitor: Visitor) -> Iterator[Report]:
    """Check the articles, given by number and address, and report each as it is done.

    While one host rests, the others are asked; nothing is asked at the same time. Each article's result is stored by itself, so that
    a run that is stopped goes on with the others the next time, and one that fails stops no other.
    """
    hosts: dict[str, deque[tuple[int, str]]] = {}
    for number, url in articles:
        hosts.setdefault(addresses.host(url), deque()).append((number, url))
    order = itertools.count()
    turns = [(0.0, next(order), queue) for queue in hosts.values()]
    while turns:
        _ready, _turn, queue = heapq.heappop(turns)
        if visitor.wait_for(queue[0][1]) > LONGEST_WAIT:
            for number, url in queue:
                yield Report(number, url, _("The site asks us to come back later."), is_put_off=True)
            continue
        number, url = queue.popleft()
        yield _check_safely(number, url, visitor)
        if queue:
            ready = visitor.clock() + visitor.wait_for(queue[0][1])
            heapq.heappush(turns, (ready, next(order), queue))


def _check_safely(number: int, url: str, visitor: Visitor) -> Report:
    try:
        article = Article.objects.get(pk=number)
        return check(article, visitor)
    except Article.DoesNotExist:
        return Report(number, url, _("The article is not there any more."))
    except Exception:
        log.exception("The check of article %s failed", number)
        return Report(number, url, _("An unexpected error; the log says more."))


def check(article: Article, visitor: Visitor | None = None) -> Report:
    """Ask for the article's page and note what became of it and of the words quoted from it; the article is not touched.

    Withdrawn quotations are left out. Takes as long as the server does, and as `visitor` may wait.
    """
    visitor = visitor or Visitor()
    visitor.begin()
    known = _last_answer(article)
    try:
        page = visitor.fetch(article.url, etag=known.etag, last_modified=known.last_modified)
        if page.status == 304 and page.final_url != known.final_url:
            page = visitor.fetch(article.url)  # the validators belong to another page
        return _judge(article, page, visitor, known)
    except PutOff as error:
        return Report(article.pk, article.url, str(error), is_put_off=True)
    except NotAllowed as error:
        return _fail(article, str(error), counts=False, is_refused=True)
    except FetchError as error:
        return _fail(article, str(error))


def _quotations(article: Article) -> QuerySet[Quotation]:
    return article.quotations.filter(merged_into=None).exclude(status=Status.WITHDRAWN).order_by("pk")


def _last_answer(article: Article) -> PageCheck:
    """What a conditional request needs; empty where "not modified" would not answer for each quotation."""
    known = PageCheck.objects.filter(article=article, is_gone=False).exclude(snapshot=None).first()
    judged = (State.SAME, State.MOVED, State.CHANGED)
    if known is None or _quotations(article).exclude(source_check__state__in=judged).exists():
        return PageCheck()
    return known


def _judge(article: Article, page: Page, visitor: Visitor, known: PageCheck) -> Report:
    if page.status == 304 and (known.etag or known.last_modified):
        return _record(article, page, None, is_gone=False)
    if page.status in snapshots.GONE:
        return _record(article, page, None, is_gone=True)
    if page.status != 200:
        reason = _("The server answers that it does not give the page (%s).") % page.status
        return _fail(article, reason, counts=page.status != TOO_MANY)
    seen = standing.shown(page)
    quoted = [_words(article, quotation) for quotation in _quotations(article)]
    if any(standing.judge(words, seen)[0] != standing.CHANGED for words in quoted):
        return _record(article, page, seen, is_gone=False)
    if standing.is_barred(seen):
        return _fail(
            article,
            _("No text could be read on the page: it may be a picture, made by scripts, or for subscribers."),
            counts=False,
        )
    missing = standing.is_missing(
        seen, article.url, page.final_url, article.title, [words.exact for words in quoted], article.text
    )
    if missing is None and (quoted or article.text):
        missing = _is_answer_to_anything(article, page, seen, visitor)
    return _record(article, page, seen, is_gone=bool(missing))


def _is_answer_to_anything(article: Article, page: Page, seen: Shown, visitor: Visitor) -> bool:
    """Whether the site gives this page for an address that surely does not exist, too."""
    other = visitor.nowhere(article.url)
    if other is None or other.status != 200:
        return False
    leads_there = page.final_url != page.exchanges[0].url and other.final_url == page.final_url
    return leads_there or standing.is_alike(seen, standing.shown(other))


def _words(article: Article, quotation: Quotation) -> Words:
    return Words(quotation.exact, article.text, quotation.start, quotation.end)


def _lock(article: Article) -> Article | None:
    """The article as it is now, locked until the end of the transaction; None where the answer is not about it any more."""
    rows = Article.objects.select_for_update(of=("self",), no_key=True)
    fresh = rows.filter(pk=article.pk).first()
    return fresh if fresh and fresh.url == article.url else None


def _record(article: Article, page: Page, seen: Shown | None, *, is_gone: bool) -> Report:
    """Note what became of the page, and of each quotation as it is now. `seen` is None for "not modified" and "not found"."""
    with transaction.atomic():
        fresh = _lock(article)
        if fresh is None:
            return Report(article.pk, article.url, _("The article was changed meanwhile."))
        before = snapshots.check_of(fresh, page.fetched_at)
        snapshot = before.snapshot
        if seen or is_gone:
            text = (seen.text or seen.whole) if seen else ""
            snapshot = snapshots.store(fresh, page, text, is_gone=is_gone)
        else:
            before.succeed(page.fetched_at, is_gone=False)
            before.save()
        states: Counter[str] = Counter()
        for quotation, row in _rows(fresh):
            state, nearest = row.state, row.nearest
            if is_gone:
                state, nearest = State.GONE, ""
            elif seen:
                state, nearest = standing.judge(_words(fresh, quotation), seen)
            row.find(state, page.fetched_at, snapshot=snapshot, nearest=nearest)
            row.save()
            states[row.state] += 1
        is_stored = snapshot is not None and snapshot.pk != before.snapshot_id
        return Report(article.pk, article.url, is_gone=is_gone, is_stored=is_stored, states=dict(states))


def _fail(article: Article, reason: str, *, counts: bool = True, is_refused: bool = False) -> Report:
    """Note a request that said nothing; what was known stays, until so many have failed for so long that readers are told."""
    moment = timezone.now()
    with transaction.atomic():
        fresh = _lock(article)
        states: Counter[str] = Counter()
        if fresh is not None:
            page = snapshots.check_of(fresh, moment)
            page.fail(moment, reason, counts=counts)
            page.save()
            if page.is_unreachable:
                for _quotation, row in _rows(fresh):
                    if row.state != State.GONE:
                        row.find(State.UNREACHABLE, moment, since=page.failing_since)
                        row.save()
                    states[row.state] += 1
        return Report(article.pk, article.url, reason, is_refused=is_refused, states=dict(states))


def _rows(article: Article) -> list[tuple[Quotation, SourceCheck]]:
    """The article's quotations with their checks, locked; a new one where there is none."""
    rows = _quotations(article).select_for_update(of=("self",), no_key=True)
    found = {check.quotation_id: check for check in SourceCheck.objects.filter(quotation__article=article)}
    return [(one, found.get(one.pk) or SourceCheck(quotation=one)) for one in rows]
