import pytest

from events import addresses


@pytest.mark.parametrize(
    "other",
    [
        "https://www.civil.ge/archives/1",
        "http://civil.ge/archives/1",
        "HTTPS://Civil.GE/archives/1/",
        "https://civil.ge:443/archives/1",
        "https://civil.ge/archives/1#comments",
        "https://civil.ge/archives/1?utm_source=x&fbclid=y&MC_cid=z",
        " https://civil.ge/archives/1 ",
        "https://civil.ge./archives//1",
        "https://civil.ge/%61rchives/1",
        "https://m.civil.ge/archives/1",
        "https://www.m.civil.ge/archives/1",
        "https://amp.civil.ge/archives/1",
        "https://civil.ge/archives/1/amp/",
        "https://civil.ge/archives/1?amp=1",
        "https://civil.ge/archives/1?outputType=amp",
        "https://civil.ge/archives/1/index.html",
        "https://civil.ge/archives/1/index.php?_openstat=x&yclid=1&xtor=RSS-3",
    ],
)
def test_spellings_of_one_address_have_one_key(other):
    assert addresses.address_key(other) == "civil.ge/archives/1"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("", ""),
        ("https://civil.ge/", "civil.ge"),
        ("https://civil.ge/Archives/1", "civil.ge/Archives/1"),
        ("https://civil.ge/?b=2&a=1", "civil.ge?a=1&b=2"),
        ("https://civil.ge/?a=1&b=2&gclid=3", "civil.ge?a=1&b=2"),
        ("https://civil.ge/?a=", "civil.ge?a="),
        ("https://civil.ge:8443/x", "civil.ge:8443/x"),
        ("http://civil.ge:443/x", "civil.ge:443/x"),
        ("https://eng.civil.ge/x", "eng.civil.ge/x"),
        ("https://civil.ge/новости", "civil.ge/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8"),
        (
            "https://civil.ge/%d0%bd%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
            "civil.ge/%D0%BD%D0%BE%D0%B2%D0%BE%D1%81%D1%82%D0%B8",
        ),
        ("https://президент.рф/", "xn--d1abbgf6aiiy.xn--p1ai"),
        ("https://xn--d1abbgf6aiiy.xn--p1ai", "xn--d1abbgf6aiiy.xn--p1ai"),
        ("https://civil.ge/a.amp.html", "civil.ge/a.html"),
        ("https://civil.ge/index.php?id=4", "civil.ge?id=4"),
        ("https://civil.ge/index.html/1", "civil.ge/index.html/1"),
        ("https://civil.ge/ampere", "civil.ge/ampere"),
        ("https://civil.ge/?amp=rock", "civil.ge?amp=rock"),
        ("https://m.am/x", "m.am/x"),
        ("https://m.gov.am/x", "m.gov.am/x"),
        ("https://www.gov.am/x", "gov.am/x"),
        ("https://civil.ge/#!/1", "civil.ge#!/1"),
        ("https://civil.ge/#!/2", "civil.ge#!/2"),
    ],
)
def test_what_makes_a_difference_stays_in_the_key(url, key):
    assert addresses.address_key(url) == key


@pytest.mark.parametrize(
    "url",
    ["civil.ge/1", "ftp://civil.ge/1", "javascript:alert(1)", "https://", "https:///x", "https://exa mple.org/x", "https://example.org/a b", "https://[::1", "https://<b>.org", "https://civil.ge:x/", "//civil.ge/1"],
)  # fmt: skip
def test_no_address_is_refused_with_a_right_one(url):
    with pytest.raises(addresses.AddressError) as refusal:
        addresses.address_key(url)
    assert str(refusal.value) == (
        f"“{url}” is not the address of a web page. Write it whole: https://www.example.org/news/1234"
    )


@pytest.mark.parametrize(
    ("url", "site"),
    [("https://www.Civil.ge/1", "civil.ge"), ("https://eng.civil.ge", "eng.civil.ge"), ("", ""), ("https://[::1", "")],
)  # fmt: skip
def test_host(url, site):
    assert addresses.host(url) == site


@pytest.mark.parametrize(
    ("url", "site", "hosts"),
    [
        ("https://en.armenpress.am/1", "armenpress.am", ["en.armenpress.am", "armenpress.am"]),
        ("https://www.armenpress.am/1", "armenpress.am", ["armenpress.am"]),
        ("https://www.mfa.gov.az/1", "mfa.gov.az", ["mfa.gov.az"]),
        ("https://en.mfa.gov.az/1", "mfa.gov.az", ["en.mfa.gov.az", "mfa.gov.az"]),
        ("https://gov.am", "gov.am", ["gov.am"]),
        ("http://127.0.0.1:8000/1", "127.0.0.1", ["127.0.0.1"]),
        ("http://localhost/1", "localhost", ["localhost"]),
        ("https://exa mple.org", "exa mple.org", []),
        ("", "", []),
        ("https://[::1", "", []),
    ],
)
def test_site_and_hosts(url, site, hosts):
    assert (addresses.site(url), addresses.hosts_of(url)) == (site, hosts)


def test_is_same_site():
    pages = ["https://m.civil.ge/1", "https://civil.ge", "https://mfa.gov.ge", "https://president.gov.ge", ""]
    assert [[addresses.is_same_site(one, other) for other in pages] for one in pages] == [
        [True, True, False, False, False],
        [True, True, False, False, False],
        [False, False, True, False, False],
        [False, False, False, True, False],
        [False, False, False, False, False],
    ]


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://civil.ge/a?b=1&utm_source=x&c=%20#top", "https://civil.ge/a?b=1&c=%20"),
        ("https://user:word@www.civil.ge/a/", "https://www.civil.ge/a/"),
        (" https://civil.ge/#!/1 ", "https://civil.ge/#!/1"),
        ("https://civil.ge/?fbclid=1", "https://civil.ge/"),
        ("", ""),
    ],
)
def test_cleaned(url, kept):
    assert addresses.cleaned(url) == kept


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://www.civil.ge/archives/1/?a=1#x", "civil.ge/archives/1"),
        ("https://civil.ge/", "civil.ge"),
        ("https://civil.ge/%E1%83%90%E1%83%91/%00", "civil.ge/აბ/\ufffd"),
        ("https://civil.ge/" + "a" * 80, "civil.ge/" + "a" * 70 + "…"),
        ("", ""),
        ("https://[::1", ""),
    ],
)
def test_short(url, shown):
    assert addresses.short(url) == shown
