import pytest
from django.test import Client
from playwright.sync_api import Page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/admin/login/", 200),
        ("/admin/", 302),
        ("/healthz/", 200),
        ("/no-such-page/", 404),
        ("/static/admin/css/base.css", 200),
    ],
)
def test_every_answer_carries_the_policy(client: Client, path, status):
    response = client.get(path)
    response.close()
    assert (response.status_code, response.headers["Content-Security-Policy"]) == (status, POLICY)
    assert response.headers["Permissions-Policy"] == (
        "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
    )


def test_admin_signs_in_without_a_breach(page: Page, admin_user):
    page.goto("/admin/")
    page.get_by_label("Username").fill("admin")
    page.get_by_label("Password").fill("password")
    page.get_by_role("button", name="Log in").click()
    assert page.title() == "Records | The desk"
