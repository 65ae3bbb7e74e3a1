"""What robots.txt allows to one program, by RFC 9309."""

import pytest

from events.robots import Rules, read

US = "ExampleBot"


@pytest.mark.parametrize(
    ("text", "path", "is_allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("user-AGENT : *\ndisALLOW : /private # not this\n", "/private/b", False),
        # The longest decides, in whatever order; of two equal ones that which allows.
        ("User-agent: *\nDisallow: /\nAllow: /news/", "/news/1", True),
        ("User-agent: *\nAllow: /news/\nDisallow: /", "/about", False),
        ("User-agent: *\nDisallow: /news\nAllow: /news", "/news/1", True),
        # Wildcards, as most sites write them.
        ("User-agent: *\nDisallow: /*.pdf$", "/files/a.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/files/a.pdf?page=2", True),
        ("User-agent: *\nDisallow: /*?print=", "/news/1?print=1", False),
        ("User-agent: *\nDisallow: /*?print=", "/news/1", True),
        ("User-agent: *\nDisallow: /a*b*c", "/a--b--c--", False),
        ("User-agent: *\nDisallow: /a*b*c$", "/a-b-c-c", False),
        ("User-agent: *\nDisallow: /a*b*c$", "/a-c-b", True),
        ("User-agent: *\nDisallow: /aa*aa$", "/aaa", True),
        ("User-agent: *\nDisallow: /$", "/", False),
        ("User-agent: *\nDisallow: /$", "/news", True),
        # One path in several spellings.
        ("User-agent: *\nDisallow: /новости", "/%d0%bd%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8/1", False),
        ("User-agent: *\nDisallow: /%7Eann", "/~ann", False),
        ("User-agent: *\nDisallow: /a%2Fb", "/a/b", True),
        # Whom a group names.
        ("User-agent: examplebot/1.0\nDisallow: /\n\nUser-agent: *\nAllow: /", "/a", False),
        ("User-agent: *\nDisallow: /\n\nUser-agent: ExampleBot\nDisallow: /x", "/a", True),
        ("User-agent: Other\nUser-agent: ExampleBot\n\nDisallow: /", "/a", False),
        ("User-agent: ExampleBot\nDisallow: /x\n\nUser-agent: ExampleBot\nDisallow: /a", "/a", False),
        ("User-agent: Example\nDisallow: /", "/a", True),
        ("User-agent: Other\nDisallow: /", "/a", True),
        ("Disallow: /", "/a", True),
        ("User-agent: ExampleBot\nSitemap: https://x.example/s.xml\nDisallow: /", "/a", False),
    ],
)
def test_what_may_be_asked(text, path, is_allowed):
    assert read(text, US).allow(path) == is_allowed


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Crawl-delay: 2.5", 2.5),
        ("Crawl-delay: -1", 0.0),
        ("Crawl-delay: ٣", 0.0),
        ("Crawl-delay: ²", 0.0),
        ("Crawl-delay: 999999999", 366 * 24 * 3600.0),
        ("Crawl-delay: " + "9" * 5000, 0.0),
        ("Request-rate: 2/1m", 30.0),
        ("Request-rate: 0/1", 0.0),
        ("Request-rate: 1/0", 0.0),
        ("Request-rate: ²/1", 0.0),
    ],
)
def test_the_pause(line, seconds):
    assert read(f"User-agent: *\n{line}", US).delay == seconds


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: *\n" * 50_000 + "Disallow: /",
        "User-agent: *\nDisallow: /" + "a*" * 100_000 + "b$",
        "User-agent: *\n" + "Disallow: /a*a*a*a*a*a*b\n" * 20_000,
        "\x00" * 100_000,
        "User-agent: *\nDisallow: http://[x\nDisallow: %\nDisallow: \ud800%zz",
    ],
    ids=range(5),
)
def test_hostile_files_are_read(text):
    assert read(text, US).allow("/" + "a" * 8000) == ("Disallow: /" not in text or "Disallow: /a" in text)


def test_nothing_is_said():
    assert read("# nothing\nSitemap: https://x.example/s.xml", US) == Rules()
