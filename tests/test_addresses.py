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
