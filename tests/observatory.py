"""What the HTTP Observatory would say of an answer, by its published rules.

The tests and the points are those of https://github.com/mdn/mdn-http-observatory (src/analyzer/tests/*.js and
src/grader/charts.js, read in November 2026). An answer begins with 100 points; points are added only where nothing that was
taken off has left fewer than 90. What needs a network is left out: the list of preloaded hosts, and certificates.
"""

import re
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlsplit

SIX_MONTHS = 15_552_000
BROAD = {"ftp:", "http:", "https:", "*", "http://*", "http://*.*", "https://*", "https://*.*"}
INLINE = {"'unsafe-inline'", "data:"}
PRIVATE = {"no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin"}
POINTS = {
    "csp-implemented-with-no-unsafe-default-src-none": 10,
    "csp-implemented-with-no-unsafe": 5,
    "csp-implemented-with-unsafe-inline-in-style-src-only": 0,
    "csp-implemented-with-insecure-scheme-in-passive-content-only": -10,
    "csp-implemented-with-unsafe-eval": -10,
    "csp-implemented-with-unsafe-inline": -20,
    "csp-implemented-with-insecure-scheme": -20,
    "csp-header-invalid": -25,
    "csp-not-implemented": -25,
    "cookies-secure-with-httponly-sessions-and-samesite": 5,
    "cookies-secure-with-httponly-sessions": 0,
    "cookies-not-found": 0,
    "cookies-without-secure-flag": -20,
    "cookies-samesite-flag-invalid": -20,
    "cookies-anticsrf-without-samesite-flag": -20,
    "cookies-session-without-httponly-flag": -30,
    "cookies-session-without-secure-flag": -40,
    "cross-origin-resource-sharing-not-implemented": 0,
    "cross-origin-resource-sharing-implemented": 0,
    "cross-origin-resource-sharing-implemented-with-universal-access": -50,
    "redirection-to-https": 0,
    "redirection-off-host-from-http": -5,
    "redirection-not-to-https": -20,
    "redirection-missing": -20,
    "referrer-policy-private": 5,
    "referrer-policy-not-implemented": 0,
    "referrer-policy-unsafe": -5,
    "hsts-implemented-max-age-at-least-six-months": 0,
    "hsts-implemented-max-age-less-than-six-months": -10,
    "hsts-not-implemented": -20,
    "sri-not-implemented-response-not-html": 0,
    "sri-not-implemented-but-no-scripts-loaded": 0,
    "sri-not-implemented-but-all-scripts-loaded-from-secure-origin": 0,
    "sri-not-implemented-and-external-scripts-not-loaded-securely": -50,
    "x-content-type-options-nosniff": 0,
    "x-content-type-options-not-implemented": -5,
    "x-frame-options-implemented-via-csp": 5,
    "x-frame-options-sameorigin-or-deny": 0,
    "x-frame-options-not-implemented": -20,
    "cross-origin-resource-policy-implemented-with-same-origin": 10,
    "cross-origin-resource-policy-implemented-with-cross-origin": 0,
    "cross-origin-resource-policy-not-implemented": 0,
}
GRADES = ["F"] * 5 + ["D-", "D", "D", "D+", "C-", "C", "C", "C+", "B-", "B", "B", "B+", "A-", "A", "A", "A+"]


def grade(response: Any, plain: Any, body: str = "") -> tuple[str, int, dict[str, str]]:
    """The grade, the points, and the result of each test, of an answer over HTTPS and what the same address answers over HTTP."""
    headers = response.headers
    results = {
        "csp": policy(headers.get("Content-Security-Policy")),
        "cookies": cookies(response.cookies),
        "cors": sharing(headers),
        "redirection": redirection(plain),
        "referrer": referrer(headers.get("Referrer-Policy")),
        "hsts": transport(headers.get("Strict-Transport-Security")),
        "sri": integrity(headers.get("Content-Type", ""), body),
        "sniffing": "x-content-type-options-nosniff"
        if headers.get("X-Content-Type-Options") == "nosniff"
        else "x-content-type-options-not-implemented",
        "framing": framing(headers),
        "corp": resources(headers.get("Cross-Origin-Resource-Policy")),
    }
    points = [POINTS[result] for result in results.values()]
    score = 100 + sum(point for point in points if point < 0)
    if score >= 90:
        score += sum(point for point in points if point > 0)
    return GRADES[min(max(score, 0) // 5, 20)], score, results


def directives(header: str) -> dict[str, set[str]]:
    parsed: dict[str, set[str]] = {}
    for directive in header.split(";"):
        name, *values = directive.split()
        assert name not in parsed, f"{name} stands twice"
        parsed[name.lower()] = set(values) or {"'none'"}
    return parsed


def policy(header: str | None) -> str:
    if not header:
        return "csp-not-implemented"
    try:
        found = directives(header)
    except (AssertionError, ValueError):
        return "csp-header-invalid"
    everything = found.get("default-src", {"*"})
    script, style, objects = (
        found.get(name, everything) for name in ("script-src", "style-src", "object-src")
    )
    passive = found.get("img-src", everything) | found.get("media-src", everything)
    active = set().union(
        *(values for name, values in found.items() if name not in ("img-src", "media-src")), script
    )
    plain = ("http:", "ftp:")
    if script & (BROAD | INLINE) or objects & BROAD:
        return "csp-implemented-with-unsafe-inline"
    if any(source.startswith(plain) for source in active):
        return "csp-implemented-with-insecure-scheme"
    if "'unsafe-eval'" in script | style:
        return "csp-implemented-with-unsafe-eval"
    if any(source.startswith(plain) for source in passive):
        return "csp-implemented-with-insecure-scheme-in-passive-content-only"
    if style & (BROAD | INLINE):
        return "csp-implemented-with-unsafe-inline-in-style-src-only"
    if found.get("default-src") == {"'none'"}:
        return "csp-implemented-with-no-unsafe-default-src-none"
    return "csp-implemented-with-no-unsafe"


def cookies(jar: SimpleCookie) -> str:
    # One that is taken away is in no browser's jar.
    kept = {name: cookie for name, cookie in jar.items() if cookie["max-age"] != 0}
    if not kept:
        return "cookies-not-found"
    found = {"cookies-secure-with-httponly-sessions-and-samesite"}
    for name, cookie in kept.items():
        of_session = any(word in name.lower() for word in ("login", "sess"))
        same_site = cookie["samesite"].lower()
        if same_site not in ("lax", "strict", "none", ""):
            found.add("cookies-samesite-flag-invalid")
        if not cookie["secure"]:
            found.add("cookies-session-without-secure-flag" if of_session else "cookies-without-secure-flag")
        if "csrf" in name.lower() and not same_site:
            found.add("cookies-anticsrf-without-samesite-flag")
        if of_session and not cookie["httponly"]:
            found.add("cookies-session-without-httponly-flag")
        if not same_site:
            found.add("cookies-secure-with-httponly-sessions")
    return min(found, key=lambda result: POINTS[result])


def sharing(headers: Any) -> str:
    if "Access-Control-Allow-Origin" not in headers:
        return "cross-origin-resource-sharing-not-implemented"
    if headers.get("Access-Control-Allow-Credentials", "").lower() == "true":
        return "cross-origin-resource-sharing-implemented-with-universal-access"
    return "cross-origin-resource-sharing-implemented"


def redirection(plain: Any) -> str:
    if plain.status_code not in (301, 302, 303, 307, 308):
        return "redirection-missing"
    to = urlsplit(plain.headers["Location"])
    if to.scheme != "https":
        return "redirection-not-to-https"
    return "redirection-to-https" if to.hostname == plain.asked_host else "redirection-off-host-from-http"


def referrer(header: str | None) -> str:
    if not header:
        return "referrer-policy-not-implemented"
    return "referrer-policy-private" if header in PRIVATE else "referrer-policy-unsafe"


def transport(header: str | None) -> str:
    age = re.search(r"max-age=(\d+)", header or "")
    if not age:
        return "hsts-not-implemented"
    length = "at-least" if int(age[1]) >= SIX_MONTHS else "less-than"
    return f"hsts-implemented-max-age-{length}-six-months"


class Scripts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: Any) -> None:
        if tag == "script":
            self.found.append(dict(attributes).get("src") or "")


def integrity(media_type: str, body: str) -> str:
    if media_type and not media_type.startswith(("text/html", "application/xhtml")):
        return "sri-not-implemented-response-not-html"
    reader = Scripts()
    reader.feed(body)
    if not reader.found:
        return "sri-not-implemented-but-no-scripts-loaded"
    if any(source.startswith(("//", "http://", "https://")) for source in reader.found):
        return "sri-not-implemented-and-external-scripts-not-loaded-securely"
    return "sri-not-implemented-but-all-scripts-loaded-from-secure-origin"


def framing(headers: Any) -> str:
    if "frame-ancestors" in headers.get("Content-Security-Policy", ""):
        return "x-frame-options-implemented-via-csp"
    if headers.get("X-Frame-Options", "").upper() in ("DENY", "SAMEORIGIN"):
        return "x-frame-options-sameorigin-or-deny"
    return "x-frame-options-not-implemented"


def resources(header: str | None) -> str:
    if header in ("same-origin", "same-site"):
        return "cross-origin-resource-policy-implemented-with-same-origin"
    if header == "cross-origin":
        return "cross-origin-resource-policy-implemented-with-cross-origin"
    return "cross-origin-resource-policy-not-implemented"
