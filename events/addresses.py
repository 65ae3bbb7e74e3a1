"""Web addresses of sources: which ones the archive keeps, and when two of them are one page."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

# What analytics and newsletter tools add to an address; the page behind it is the same.
TRACKING_PREFIXES = ("utm_", "mc_", "pk_", "mtm_", "hsa_", "vero_")
TRACKING_NAMES = frozenset(
    "cmpid dclid fbclid gbraid gclid igshid msclkid ref_src twclid wbraid yclid ysclid".split()
)
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

    Scheme, "www.", a default port, the fragment (but not the "#!…" of a page made by scripts), tracking parameters, the order of
    parameters, percent-encoding, repeated slashes and one at the end make no difference, nor does the spelling of a host in other scripts.
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
    if port and port != DEFAULT_PORTS[parts.scheme]:
        netloc = f"{netloc}:{port}"
    path = quote(unquote(re.sub("/{2,}", "/", parts.path)).rstrip("/"), safe="/:@!$&'()*+,;=~")
    query = urlencode(
        sorted(pair for pair in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(pair[0]))
    )
    fragment = parts.fragment if parts.fragment.startswith("!") else ""
    return urlunsplit(("", netloc, path, query, fragment)).removeprefix("//")


def _is_tracking(name: str) -> bool:
    return name.lower() in TRACKING_NAMES or name.lower().startswith(TRACKING_PREFIXES)


def _refusal(url: str) -> str:
    return f"“{url[:80]}” is not the address of a web page. Write it whole: https://www.example.org/news/1234"
