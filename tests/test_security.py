"""The headers of every class of address, graded as the HTTP Observatory grades them, and who may keep what."""

import re
from typing import Any, ClassVar

import pytest
from django.contrib.auth.models import Permission
from django.contrib.staticfiles import finders
from django.core.files.base import ContentFile
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import include, path
from playwright.sync_api import Page

from events.editing import history
from tests import factories
from tests.observatory import POINTS, cookies, grade

PUBLIC = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types default"
)
ADMIN = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'; connect-src 'self'"
)
FILE = "sandbox; default-src 'none'"
PRIVATE = {"private", "no-store"}


def fail(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("for the test")


urlpatterns = [path("fails/", fail), path("admin/fails/", fail), path("", include("caucasus.urls"))]


@pytest.fixture
def production(settings: Any) -> None:
    """What ``HTTPS=true`` makes of the settings: tests/test_settings.py holds these to it."""
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME = "__Host-sessionid", "__Host-csrftoken"
    settings.ROOT_URLCONF = "tests.test_security"


@pytest.mark.django_db
class TestEveryClassOfAddress:
    # What it is: who asks, what for, the status, the policy, and the points of an A+ (100 or more).
    CLASSES: ClassVar[dict[str, tuple[str, str, int, str, int]]] = {
        "home": ("reader", "/", 200, PUBLIC, 130),
        "list": ("reader", "/meetings/", 200, PUBLIC, 130),
        "list with a wrong filter": ("reader", "/meetings/?from=soon", 200, PUBLIC, 130),
        "all values of a facet": ("reader", "/meetings/by/participant/", 200, PUBLIC, 130),
        "suggestions": ("reader", "/suggest/?q=an", 200, PUBLIC, 130),
        "record": ("reader", "{meeting}", 200, PUBLIC, 130),
        "day": ("reader", "/meetings/2023/02/27/", 200, PUBLIC, 130),
        "day that is in no calendar": ("reader", "/meetings/2023/02/30/", 404, PUBLIC, 130),
        "today": ("reader", "/meetings/on-this-day/", 302, PUBLIC, 130),
        "list deeper than strangers go": ("reader", "/meetings/?sort=date&page=402", 403, PUBLIC, 130),
        "list by another spelling": ("reader", "/meetings/?page=1", 301, PUBLIC, 130),
        "for crawlers": ("reader", "/robots.txt", 200, PUBLIC, 130),
        "former slug": ("reader", "{old_slug}", 301, PUBLIC, 130),
        "without its slash": ("reader", "/meetings", 301, PUBLIC, 130),
        "record as it was": ("reader", "{meeting}?version=1", 200, PUBLIC, 130),
        "version of later": ("reader", "{meeting}?version=99", 302, PUBLIC, 130),
        "version that there is not": ("reader", "{meeting}?version=0", 404, PUBLIC, 130),
        "withdrawn": ("reader", "{withdrawn}", 410, PUBLIC, 130),
        "nothing there": ("reader", "/no-such-page/", 404, PUBLIC, 130),
        "failure": ("reader", "/fails/", 500, PUBLIC, 130),
        "wrong method": ("locked", "POST /meetings/", 405, PUBLIC, 130),
        "static sheet": ("reader", "/static/css/base.css", 200, PUBLIC, 130),
        "static script": ("reader", "/static/js/archive.js", 200, PUBLIC, 130),
        "static that is not there": ("reader", "/static/none.css", 404, PUBLIC, 130),
        "health": ("reader", "/healthz/", 200, PUBLIC, 130),
        "draft, for its editor": ("editor", "{draft}", 200, PUBLIC, 130),
        "sign-in": ("reader", "/admin/login/", 200, ADMIN, 135),
        "to the sign-in": ("reader", "/admin/", 302, ADMIN, 130),
        "code without a password": ("reader", "/admin/login/code/", 302, ADMIN, 135),
        "form without its token": ("reader", "POST /admin/login/", 403, ADMIN, 130),
        "locked out": ("locked", "POST /admin/login/", 429, ADMIN, 130),
        "desk": ("editor", "/admin/", 200, ADMIN, 135),
        "admin list": ("editor", "/admin/events/meeting/", 200, ADMIN, 135),
        "admin form": ("editor", "/admin/events/meeting/add/", 200, ADMIN, 135),
        "admin suggestions": (
            "editor",
            "/admin/autocomplete/?app_label=events&model_name=meeting&field_name=place",
            200,
            ADMIN,
            130,
        ),
        "admin catalogue of words": ("editor", "/admin/jsi18n/", 200, ADMIN, 130),
        "admin history": ("editor", "/admin/events/meeting/{number}/history/", 200, ADMIN, 135),
        "second factor": ("editor", "/admin/two-factor/", 200, ADMIN, 135),
        "not allowed": ("editor", "/admin/auth/user/", 403, ADMIN, 130),
        "admin without its slash": ("editor", "/admin/events/meeting", 301, ADMIN, 130),
        "nothing there in the admin": ("editor", "/admin/none/", 404, ADMIN, 130),
        "failure in the admin": ("editor", "/admin/fails/", 500, ADMIN, 130),
        "download of a sheet": ("editor", "/admin/import/sheets/topics.csv", 200, ADMIN, 130),
        "download of a report": ("editor", "{report}", 200, ADMIN, 130),
        "download of a page that was kept": ("editor", "{file}", 200, FILE, 125),
        "sign-out": ("editor", "POST /admin/logout/", 200, ADMIN, 130),
    }

    @pytest.fixture
    def answers(self, production: None) -> dict[str, tuple[Any, Any, str]]:
        """Of each class what is answered over HTTPS and over HTTP, and the body."""
        user = factories.UserFactory(username="ani", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))
        people = {
            name: Client(enforce_csrf_checks=name == "reader") for name in ("reader", "editor", "locked")
        }
        people["editor"].force_login(user)
        for client in people.values():
            client.raise_request_exception = False
        wrong = {"username": "mher", "password": "wrong"}
        for _ in range(5):
            people["locked"].post("/admin/login/", wrong, secure=True)
        table = {"noun": "topics", "text": "label\nPeace\n"}
        plan = people["editor"].post("/admin/import/", table, secure=True).url
        snapshot = factories.SnapshotFactory.build(article=factories.ArticleFactory())
        snapshot.file.save("one.warc.gz", ContentFile(b"kept"), save=False)
        snapshot.save()
        with history.by():
            meeting = factories.MeetingFactory(title="Talks")
        withdrawn = factories.MeetingFactory()
        withdrawn.status, withdrawn.withdrawal_reason = "withdrawn", "Twice."
        withdrawn.save()
        addresses = {
            "meeting": meeting.get_absolute_url(),
            "number": meeting.pk,
            "old_slug": f"/meetings/{meeting.pk}/",
            "withdrawn": withdrawn.get_absolute_url(),
            "draft": factories.MeetingFactory(status="draft").get_absolute_url(),
            "report": f"{plan}report.csv",
            "file": f"/admin/events/snapshot/{snapshot.pk}/file/",
        }
        found = {}
        for name, (who, asked, *_expected) in self.CLASSES.items():
            method, _space, address = asked.format(**addresses).rpartition(" ")
            client = people[who]
            ask = client.post if method else client.get
            plain = client.get(address)
            plain.asked_host = "testserver"
            # A reader comes with no cookie, and takes what the page gives.
            if who != "editor":
                client.cookies.clear()
            answer = ask(address, {} if who == "reader" or not method else wrong, secure=True)
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            found[name] = answer, plain, body.decode("utf-8", "replace")
        return found

    def test_has_an_a_plus(self, answers):
        told = {
            name: (answer.status_code, answer.headers["Content-Security-Policy"], *self.graded(name, answers))
            for name, (answer, _plain, _body) in answers.items()
        }
        assert told == {
            name: (status, policy, "A+", points, [])
            for name, (_who, _asked, status, policy, points) in self.CLASSES.items()
        }

    def graded(self, name: str, answers: Any) -> tuple[str, int, list[str]]:
        """The grade and the points, and what took points off."""
        answer, plain, body = answers[name]
        if name == "health":
            # Answered over plain HTTP too, for those who cannot do another; the Observatory asks the host's first page.
            plain = answers["home"][1]
        letter, score, results = grade(answer, plain, body)
        return letter, score, [result for result in results.values() if POINTS[result] < 0]

    def test_and_the_headers_that_the_observatory_does_not_ask_for(self, answers):
        names = ("Permissions-Policy", "Cross-Origin-Opener-Policy", "X-Frame-Options")
        told = {name: [answer.headers.get(one) for one in names] for name, (answer, _, _) in answers.items()}
        policy = "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
        assert told == {name: [policy, "same-origin", "DENY"] for name in self.CLASSES}

    def test_nobody_keeps_what_the_desk_shows(self, answers):
        kept = {
            name
            for name, (answer, _plain, _body) in answers.items()
            if not set(answer.headers.get("Cache-Control", "").split(", ")) >= PRIVATE
        }
        assert kept == {
            name
            for name, (who, asked, *_) in self.CLASSES.items()
            if who != "editor" and "/admin/" not in asked
        }

    def test_a_failure_is_dressed_and_a_refusal_leads_on(self, answers):
        page = answers["failure"][2]
        sheets = re.findall(r'href="(/static/[^"]+)"', page)
        assert sheets == [f"/static/css/{name}.css" for name in ("tokens", "base", "components")]
        assert None not in [finders.find(sheet.removeprefix("/static/")) for sheet in sheets]
        desk = '<a href="/admin/">To the desk</a>'
        led = {name for name, (_, _, body) in answers.items() if desk in body}
        assert led == {"not allowed", "nothing there in the admin"}

    def test_static_files_are_for_our_own_pages(self, answers):
        assert "Access-Control-Allow-Origin" not in answers["static sheet"][0].headers

    def test_redirects_to_https_have_the_headers_too(self, answers):
        told = {
            name: (
                plain.status_code,
                plain.headers["Content-Security-Policy"],
                plain.headers["X-Content-Type-Options"],
            )
            for name, (_answer, plain, _body) in answers.items()
            if name != "health"
        }
        expected = {
            name: (301, ADMIN if "/admin/" in asked or name.startswith("download") else PUBLIC, "nosniff")
            for name, (_who, asked, *_) in self.CLASSES.items()
            if name != "health"
        }
        assert told == expected

    def test_a_host_that_is_not_ours(self, production):
        answer = Client().get("/", secure=True, headers={"host": "elsewhere.example"})
        plain = Client().get("/")
        plain.asked_host = "testserver"
        assert answer.status_code == 400
        assert grade(answer, plain, answer.content.decode())[:2] == ("A+", 130)

    def test_readers_get_no_cookie(self, answers):
        told = {
            name: sorted(answer.cookies)
            for name, (answer, _plain, _body) in answers.items()
            if self.CLASSES[name][0] == "reader" and answer.cookies
        }
        assert told == {"sign-in": ["__Host-csrftoken"], "code without a password": ["messages"]}


GOOD = {
    "Content-Security-Policy": PUBLIC,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


@pytest.mark.parametrize(
    ("change", "to", "body", "expected"),
    [
        ({}, "https://testserver/", "<p>", ("A+", 130)),
        ({"Cross-Origin-Resource-Policy": ""}, "https://testserver/", "<p>", ("A+", 120)),
        ({"Content-Security-Policy": ""}, "https://testserver/", "<p>", ("B", 75)),
        ({"Content-Security-Policy": "default-src 'self' data:"}, "https://testserver/", "<p>", ("B+", 80)),
        ({"X-Content-Type-Options": ""}, "https://testserver/", "<p>", ("A+", 125)),
        ({"Strict-Transport-Security": "max-age=3600"}, "https://testserver/", "<p>", ("A+", 120)),
        ({"Strict-Transport-Security": ""}, "https://testserver/", "<p>", ("B+", 80)),
        ({}, "", "<p>", ("B+", 80)),
        ({}, "https://elsewhere.example/", "<p>", ("A+", 125)),
        ({}, "https://testserver/", "<script src=//cdn.example/a.js></script>", ("C", 50)),
    ],
)
def test_the_scorer_takes_points_off(change, to, body, expected):
    answer = HttpResponse(body, headers={**GOOD, **change})
    plain = HttpResponse(status=301 if to else 200, headers={"Location": to})
    plain.asked_host = "testserver"
    assert grade(answer, plain, body)[:2] == expected


@pytest.mark.parametrize(
    ("change", "result"),
    [
        ({}, "cookies-secure-with-httponly-sessions-and-samesite"),
        ({"samesite": ""}, "cookies-secure-with-httponly-sessions"),
        ({"samesite": "Maybe"}, "cookies-samesite-flag-invalid"),
        ({"httponly": ""}, "cookies-session-without-httponly-flag"),
        ({"secure": ""}, "cookies-session-without-secure-flag"),
    ],
)
def test_the_scorer_reads_cookies(change, result):
    answer = HttpResponse()
    answer.set_cookie("sessionid", "1", secure=True, httponly=True, samesite="Lax")
    answer.cookies["sessionid"].update(change)
    assert cookies(answer.cookies) == result


def test_admin_signs_in_without_a_breach(page: Page, admin_user):
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    assert page.title() == "The desk | The desk"
