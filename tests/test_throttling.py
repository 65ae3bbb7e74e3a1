"""Who tries passwords is stopped, and nobody else: all attempts here go through the form."""

import logging
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.core.management import call_command
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone

from caucasus.throttling import client_address, free_again, read_address
from tests import factories

pytestmark = pytest.mark.django_db

HERE, ELSEWHERE = "192.0.2.1", "198.51.100.7"
LOCKED = (429, "Too many attempts to sign in")


@pytest.fixture
def ani() -> Any:
    return factories.UserFactory(username="ani", is_staff=True)


def attempt(
    name: str = "ani", password: str = "wrong", address: str = HERE, **headers: str
) -> tuple[int, str]:
    """An attempt in a browser of its own: the status, and what the page says of it."""
    client = Client(REMOTE_ADDR=address)
    data = {"username": name, "password": password, "next": "/admin/"}
    response = client.post("/admin/login/", data, **headers)  # type: ignore[arg-type]
    if response.status_code == 302:
        return 302, response.url
    text = response.content.decode()
    if response.status_code == 429:
        return 429, text.partition("<h1>")[2].partition("</h1>")[0]
    return response.status_code, text.partition('class="errornote">')[2].partition("</p>")[0].strip()


WRONG = (
    200,
    "Please enter the correct username and password for a staff account. Note that both fields may be case-sensitive.",
)
IN = (302, "/admin/")


class TestANameAtAnAddress:
    def test_the_fifth_failure_locks_out_and_only_there(self, ani):
        assert [attempt() for _ in range(5)] == [WRONG] * 4 + [LOCKED]
        assert attempt(password="password") == LOCKED
        assert attempt(password="password", address=ELSEWHERE) == IN
        factories.UserFactory(username="mher", is_staff=True)
        assert attempt("mher", "password") == IN

    def test_a_name_that_is_nobodys_is_answered_alike(self, ani):
        assert [attempt("nobody") for _ in range(5)] == [WRONG] * 4 + [LOCKED]

    @pytest.mark.parametrize("other", ["ANI", " ani ", "ａｎｉ", "Ani\u3000"])
    def test_other_ways_to_write_the_name_are_no_other_name(self, ani, other):
        assert [attempt(other) for _ in range(4)] == [WRONG] * 4
        assert attempt() == LOCKED

    def test_another_browser_is_no_other_address(self, ani):
        assert [attempt(HTTP_USER_AGENT=f"Browser {n}") for n in range(5)] == [WRONG] * 4 + [LOCKED]

    @pytest.mark.parametrize("account", [{"is_staff": False}, {"is_active": False}])
    def test_an_account_that_may_not_come_in_is_answered_and_counted_alike(self, account):
        factories.UserFactory(username="ani", **{"is_staff": True, **account})
        assert [attempt(password="password") for _ in range(5)] == [WRONG] * 4 + [LOCKED]

    def test_having_got_in_the_count_begins_anew(self, ani):
        assert [attempt() for _ in range(4)] == [WRONG] * 4
        assert attempt(password="password") == IN
        assert [attempt() for _ in range(4)] == [WRONG] * 4

    def test_it_ends_and_knocking_meanwhile_does_not_prolong_it(self, ani):
        assert [attempt() for _ in range(6)][4:] == [LOCKED, LOCKED]
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
        assert attempt(password="password") == LOCKED
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=15, seconds=1))
        assert attempt(password="password") == IN
        assert AccessAttempt.objects.count() == 0

    def test_the_page_says_when_to_try_again(self, ani):
        for _ in range(5):
            attempt()
        last = timezone.now() - timedelta(minutes=10, seconds=30)
        AccessAttempt.objects.update(attempt_time=last)
        response = Client(REMOTE_ADDR=HERE).post("/admin/login/", {"username": "ani", "password": "password"})
        text = response.content.decode()
        until = last + timedelta(minutes=15)
        assert (response.status_code, response.headers["Cache-Control"]) == (
            429,
            "max-age=0, no-cache, no-store, must-revalidate, private",
        )
        assert 0 < int(response.headers["Retry-After"]) <= 270
        assert "This name is not let in from where you are for another 5 minutes" in text
        assert f'<time datetime="{until.isoformat()}">{until:%H:%M} UTC</time>' in text

    def test_a_manager_of_the_server_lets_somebody_try_again(self, ani, capsys):
        address = "2001:db8:1:2::1"
        for command in (("axes_reset_username", "ANI"), ("axes_reset_ip", "2001:db8:1:2::9")):
            assert [attempt(address=address) for _ in range(5)] == [WRONG] * 4 + [LOCKED]
            call_command(*command)
            assert attempt(password="password", address=address) == IN
        assert capsys.readouterr().out == "1 attempts removed.\n" * 2

    def test_a_script_is_told_the_same(self, ani):
        for _ in range(5):
            attempt()
        assert attempt(HTTP_X_REQUESTED_WITH="XMLHttpRequest") == LOCKED

    @pytest.mark.parametrize("field", ["username", "password"])
    def test_nul_is_a_message(self, ani, client, field):
        data = {"username": "ani", "password": "password", field: "a\0b"}
        response = client.post("/admin/login/?next=/a%00b", data)
        assert (response.status_code, response.context["form"].errors) == (
            200,
            {field: ["Null characters are not allowed."]},
        )


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_are_tried(settings):
    # The real one, which takes so long that all of them would be through the check before one has failed.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher"]

    def in_a_thread(number: int) -> tuple[int, str]:
        try:
            return attempt(password=f"wrong {number}")
        finally:
            connection.close()

    with ThreadPoolExecutor(10) as threads:
        answers = list(threads.map(in_a_thread, range(10)))
    assert sorted(answers) == [WRONG] * 4 + [LOCKED] * 6
    assert AccessAttempt.objects.get().failures_since_start == 5


class TestAnAddress:
    def test_many_names_from_one_address_are_stopped(self, ani):
        assert [attempt(f"name{n}") for n in range(30)] == [WRONG] * 29 + [LOCKED]
        assert attempt(password="password") == LOCKED
        assert attempt(password="password", address=ELSEWHERE) == IN
        page = Client(REMOTE_ADDR=HERE).post("/admin/login/", {"username": "ani", "password": "password"})
        assert "Nobody is let in from where you are for another 15 minutes" in page.content.decode()
        # So much and no more is kept of an attack, however long it goes on.
        assert (AccessAttempt.objects.count(), AccessFailureLog.objects.count()) == (30, 30)

    def test_an_account_of_ones_own_does_not_set_it_back(self, ani):
        factories.UserFactory(username="own", is_staff=True)
        for n in range(29):
            attempt(f"name{n}")
        assert attempt("own", "password") == IN
        assert attempt("name30") == LOCKED

    def test_addresses_of_one_ipv6_network_are_one(self, ani):
        assert [attempt(address=f"2001:db8:1:2::{n}") for n in range(5)] == [WRONG] * 4 + [LOCKED]
        assert attempt(password="password", address="2001:db8:1:3::1") == IN

    def test_a_forged_header_helps_nobody(self, ani):
        forged = [attempt(HTTP_X_FORWARDED_FOR=f"203.0.113.{n}") for n in range(5)]
        assert forged == [WRONG] * 4 + [LOCKED]

    def test_behind_a_proxy_a_forged_header_helps_nobody(self, ani, settings):
        settings.TRUSTED_PROXIES = 1
        proxy = "10.0.0.1"
        forged = [attempt(address=proxy, HTTP_X_FORWARDED_FOR=f"203.0.113.{n}, {HERE}") for n in range(5)]
        assert forged == [WRONG] * 4 + [LOCKED]
        assert attempt(password="password", address=proxy, HTTP_X_FORWARDED_FOR=ELSEWHERE) == IN


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "address"),
    [
        (0, "203.0.113.9", HERE, HERE),
        (1, "203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (1, "1.1.1.1,203.0.113.9", "10.0.0.1", "203.0.113.9"),
        (2, "1.1.1.1, 203.0.113.9 , 10.0.0.2", "10.0.0.1", "203.0.113.9"),
        (2, "203.0.113.9", HERE, HERE),  # has gone around a proxy
        (1, "", HERE, HERE),
        (1, "unknown", HERE, HERE),
        (1, "203.0.113.9:4711", "10.0.0.1", "203.0.113.9"),
        (1, "[2001:db8::1]:443", "10.0.0.1", "2001:db8::"),
        (0, "", "", "0.0.0.0"),
        (0, "", "unix:", "0.0.0.0"),
    ],
)
def test_the_address_of_a_client(settings, proxies, forwarded, peer, address):
    settings.TRUSTED_PROXIES = proxies
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **headers)) == address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" 192.0.2.1 ", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("fe80::1%eth0", "fe80::"),
        ("192.0.2.256", None),
        ("", None),
        ("a\0b", None),
    ],
)
def test_what_is_an_address(text, address):
    assert read_address(text) == address


def test_a_lock_ends_when_enough_failures_have_lapsed():
    now = timezone.now()
    for n, (failures, minutes) in enumerate([(2, 12), (2, 9), (3, 4)]):
        row = AccessAttempt.objects.create(
            username="ani", ip_address=HERE, user_agent=f"B{n}", failures_since_start=failures
        )
        AccessAttempt.objects.filter(pk=row.pk).update(attempt_time=now - timedelta(minutes=minutes))
    rows = AccessAttempt.objects.all()
    lapses = [free_again(rows, limit) for limit in (8, 7, 6, 5, 4, 3)]
    assert lapses == [None, *(now + timedelta(minutes=n) for n in (3, 3, 6, 6, 11))]


def test_sign_ins_are_kept_and_logged(ani, caplog):
    caplog.set_level(logging.INFO)
    client = Client(REMOTE_ADDR=HERE)
    client.post("/admin/login/", {"username": "an\ni", "password": "my secret"})
    client.post("/admin/login/", {"username": "ani", "password": "password"})
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/").status_code == 200
    for _ in range(5):
        attempt("mher")
    attempt("mher")
    assert [line for line in caplog.messages if "ign" in line] == [
        r"Sign-in failed: 'an\ni' from 192.0.2.1",
        "Signed in: 'ani' from 192.0.2.1",
        "Signed out: 'ani' from 192.0.2.1",
        *["Sign-in failed: 'mher' from 192.0.2.1"] * 4,
        *["Sign-in refused: 'mher' from 192.0.2.1"] * 2,
    ]
    kept = AccessLog.objects.get()
    assert (kept.username, kept.ip_address, kept.logout_time is not None) == ("ani", HERE, True)
    assert list(AccessFailureLog.objects.order_by("pk").values_list("username", "locked_out")) == [
        ("an\ni", False),
        *[("mher", False)] * 4,
        ("mher", True),
    ]
    everything = [*AccessAttempt.objects.values_list(), *AccessFailureLog.objects.values_list()]
    assert "my secret" not in repr(everything)
