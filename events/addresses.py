"""Web addresses of sources: which ones the archive keeps, and when two of them are one page."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# What analytics and newsletter tools add to an address; the page behind it is the same.
TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_", "hsa_", "vero_", "at_")
TRACKING_NAMES = frozenset(
    "_ga _gl _hsenc _hsmi _openstat cmp cmpid dclid fbclid gbraid gclid igsh igshid mkt_tok msclkid ref_src s_cid twclid wbraid xtor"
    " yclid ysclid".split()
)
# What stands before a host's name where it serves a page for telephones, and how such pages and AMP copies are addressed.
_MOBILE_HOST = re.compile(r"(?:m|mobile|amp|touch)\.(?=[^.]+\.)")
_COPY_PATH = re.compile(
    r"(?:/amp|\.amp(?=\.html?$|$)|/(?:index|default)\.(?:html?|php|aspx?|jsp))(?=$|\.html?$)", re.IGNORECASE
)
_COPY_PARAMETERS = {("amp", ""), ("amp", "1"), ("amp", "true"), ("outputtype", "amp")}
# Second-level domains under which a country gives names to many: gov.am, org.ge, com.tr.
SHARED = frozenset("ac co com edu gov gouv k12 mil net org pol bel".split())
# A name or number of a host, or an IPv6 address without its brackets.
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+")
DEFAULT_PORTS = {"http": 80, "https": 443}


class AddressError(ValueError):
    """The text is no address of a web page; the message says what one looks like."""


def host(url: str) -> str:
    """The host of `url` in lower case without "www." and a final dot, or "" where it has none."""
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""


def site(url: str) -> str:
    """The domain that an address belongs to, as its owner registered it: bbc.co.uk, mfa.gov.am, civil.ge; "" where there is none."""
    name = host(url)
    if ":" in name or re.fullmatch(r"[0-9.]+", name):
        return name
    labels = name.split(".")
    return ".".join(labels[-3 if _is_shared(labels[-2:]) else -2 :])


def hosts_of(url: str) -> list[str]:
    """The hosts by which the publisher of an address may be known, the nearest first: en.armenpress.am, armenpress.am."""
    name, whole = host(url), site(url)
    if not name or re.search(r"[\s\x00-\x1f\x7f]", name):
        return []
    labels = name.split(".")
    found = [".".join(labels[number:]) for number in range(len(labels))]
    return [one for one in found if len(one) >= len(whole)]


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one domain: those of a site in several languages, for telephones or as AMP do."""
    return site(one) != "" and site(one) == site(other)


def cleaned(url: str) -> str:
    """The address without what leads to no other page: tracking parameters, a fragment (but not "#!…"), the name of a user."""
    parts = urlsplit(url.strip())
    fields = [
        field
        for field in parts.query.split("&")
        if field and not _is_tracking(unquote(field.partition("=")[0]))
    ]
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "&".join(fields), fragment))


def short(url: str, longest: int = 80) -> str:
    """An address as a page prints it where a title is missing: host and path, decoded, cut with "…" beyond `longest` characters."""
    site = host(url)
    if not site:
        return ""
    shown = site + unquote(urlsplit(url).path).rstrip("/")
    shown = "".join(char if char.isprintable() else "\ufffd" for char in shown)
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def address_key(url: str) -> str:
    """A key that is equal for two spellings of one page's address; "" for an empty address.

    Scheme, "www.", "m." or "amp.", a default port, the fragment (but not the "#!…" of a page made by scripts), tracking parameters, the
    order of parameters, percent-encoding, repeated slashes and one at the end, the mark of an AMP copy and "index.html" make no
    difference, nor does the spelling of a host in other scripts.
    The key is for comparison only: pages link to the address as the editor typed it. Raises `AddressError` where `url` is no
    http or https address.
    """
    url = url.strip()
    if not url:
        return ""
    try:
        parts = urlsplit(url)
        port = parts.port
        name = (parts.hostname or "").rstrip(".").encode("idna").decode("ascii")
    except ValueError:  # UnicodeError of a host among them
        raise AddressError(_refusal(url)) from None
    if parts.scheme not in DEFAULT_PORTS or not _HOST.fullmatch(name) or re.search(r"[\s\x00-\x1f\x7f]", url):
        raise AddressError(_refusal(url))
    netloc = name.removeprefix("www.")
    if not _is_shared(netloc.split(".")[1:]):
        netloc = _MOBILE_HOST.sub("", netloc, count=1)
    if port and port != DEFAULT_PORTS[parts.scheme]:
        netloc = f"{netloc}:{port}"
    path = unquote(re.sub("/{2,}", "/", parts.path)).rstrip("/")
    path = quote(_COPY_PATH.sub("", path).rstrip("/"), safe="/:@!$&'()*+,;=~")
    query = urlencode(
        sorted(
            pair
            for pair in parse_qsl(parts.query, keep_blank_values=True)
            if not _is_tracking(pair[0]) and (pair[0].lower(), pair[1].lower()) not in _COPY_PARAMETERS
        )
    )
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(("", netloc, path, query, fragment)).removeprefix("//")


def _is_shared(labels: list[str]) -> bool:
    return len(labels) == 2 and len(labels[1]) == 2 and labels[0] in SHARED


def _is_tracking(name: str) -> bool:
    return name.lower() in TRACKING_NAMES or name.lower().startswith(TRACKING_PREFIXES)


def _refusal(url: str) -> str:
    return f"“{url[:80]}” is not the address of a web page. Write it whole: https://www.example.org/news/1234"
