"""Manners towards the servers that we ask: robots.txt, a pause between two requests, and waiting when told to wait."""

import email.utils
import time
import urllib.robotparser
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urljoin

from django.utils.translation import gettext as _

from events import addresses
from events.editing import fetching
from events.editing.fetching import PRODUCT, FetchError, Page, Target

DELAY = 5.0  # seconds between two requests to one host, unless its robots.txt asks for more
LONGEST_WAIT = 600.0  # seconds; a host that asks for more is left alone for the rest of the run
ROBOTS_LIMIT = 512 * 1024  # bytes; RFC 9309 asks readers for at least 500 KiB
_BUSY = (429, 503)


class NotAllowed(FetchError):
    """The site's robots.txt does not let us ask for this page."""


class PutOff(FetchError):
    """The host asks us to wait for longer than we can; ask it another time."""


@dataclass
class _Host:
    ready_at: float = 0.0  # by the visitor's clock
    delay: float = field(default_factory=lambda: DELAY)


class Visitor:
    """Asks one page after another, each host with a pause in between.

    `seconds` limits what `begin` starts: pauses and all requests for one article. `clock` and `sleep` are those of the machine.
    """

    def __init__(
        self,
        *,
        seconds: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.seconds, self.clock, self.sleep = seconds, clock, sleep
        self._end: float | None = None
        self._hosts: dict[str, _Host] = {}
        self._rules: dict[str, urllib.robotparser.RobotFileParser | FetchError] = {}
        self._nowhere: dict[str, Page | None] = {}

    def begin(self) -> None:
        """From here on `seconds` are counted anew."""
        self._end = None if self.seconds is None else self.clock() + self.seconds

    def wait_for(self, url: str) -> float:
        """Seconds until the host of this address may be asked again; 0 for one that was not asked yet."""
        return max(0.0, self._host(addresses.host(url)).ready_at - self.clock())

    def fetch(self, url: str, *, etag: str = "", last_modified: str = "") -> Page:
        """The page, as `fetching.fetch` gives it, after the pause that its host is due. Raises `FetchError`, `NotAllowed` where
        robots.txt of a host on the way forbids it, `PutOff` where the host asks to wait for long."""
        host = self._host(addresses.host(url))
        self._pause(host)
        try:
            page = fetching.fetch(
                url, etag=etag, last_modified=last_modified, seconds=self._left(), admit=self._admit
            )
        finally:
            host.ready_at = max(host.ready_at, self.clock() + host.delay)
        if page.status in _BUSY and (asked := _retry_after(page)):
            host.ready_at = max(host.ready_at, self.clock() + asked)
        return page

    def nowhere(self, url: str) -> Page | None:
        """What the site answers to an address beside this one that surely does not exist; None where it does not say. Asked once."""
        target = Target.parse(url)
        if target.origin not in self._nowhere:
            try:
                page = self.fetch(urljoin(target.url, uuid.uuid4().hex))
            except FetchError:
                page = None
            self._nowhere[target.origin] = page
        return self._nowhere[target.origin]

    def _host(self, name: str) -> _Host:
        return self._hosts.setdefault(name, _Host())

    def _left(self) -> float:
        if self._end is None:
            return fetching.DEADLINE
        return max(0.0, min(fetching.DEADLINE, self._end - self.clock()))

    def _pause(self, host: _Host) -> None:
        wait = host.ready_at - self.clock()
        if wait > LONGEST_WAIT or (self._end is not None and wait > self._end - self.clock()):
            raise PutOff(_("The site asks us to come back later."), is_temporary=True)
        if wait > 0:
            self.sleep(wait)

    def _admit(self, target: Target) -> None:
        rules = self._rules_of(target)
        if isinstance(rules, FetchError):
            raise rules
        if not rules.can_fetch(PRODUCT, target.url):
            raise NotAllowed(_("The site does not allow programs to read this page (robots.txt)."))

    def _rules_of(self, target: Target) -> urllib.robotparser.RobotFileParser | FetchError:
        """The rules of the origin, read once; or why they cannot be known, in which case nothing may be asked (RFC 9309, 2.3.1.4)."""
        if target.origin not in self._rules:
            try:
                rules = self._rules[target.origin] = self._read_rules(target)
                host = self._host(addresses.host(target.url))
                delay = rules.crawl_delay(PRODUCT)
                rate = rules.request_rate(PRODUCT)
                pace = rate.seconds / rate.requests if rate and rate.requests else 0.0
                host.delay = max(host.delay, float(delay or 0), pace)
            except FetchError as error:
                self._rules[target.origin] = error
        return self._rules[target.origin]

    def _read_rules(self, target: Target) -> urllib.robotparser.RobotFileParser:
        page = fetching.fetch(f"{target.origin}/robots.txt", limit=ROBOTS_LIMIT, seconds=self._left())
        if page.status >= 500 or page.status in _BUSY:
            raise FetchError(
                _("The server answers that it is not working (%s).") % page.status, is_temporary=True
            )
        rules = urllib.robotparser.RobotFileParser()
        # As urllib reads it: a server that hides its rules wants no programs, and any other answer means that there are none.
        text = "User-agent: *\nDisallow: /" if page.status in (401, 403) else ""
        if page.status == 200:
            text = page.body.decode("utf-8-sig", "replace")
        rules.parse(text.splitlines())
        return rules


def _retry_after(page: Page) -> float:
    """The seconds that the answer asks us to wait, 0 where it does not say."""
    value = page.header("Retry-After").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:9])
    try:
        moment = email.utils.parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
