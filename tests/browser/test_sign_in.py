"""Somebody sets up the second factor and signs in with it, by the keyboard, in a real browser."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests import factories
from tests.authenticator import Authenticator, give_device

pytestmark = pytest.mark.django_db(transaction=True)


def give_password(page: Page, password: str = "password") -> None:
    page.goto("/admin/")
    page.locator("#id_username:focus").wait_for()
    page.keyboard.type("ani")
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    page.keyboard.press("Enter")


def fits(page: Page) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_the_first_password_to_a_code_by_the_keyboard(page: Page, settings):
    settings.OTP_REQUIRED = True
    factories.UserFactory(username="ani", is_staff=True)
    give_password(page)
    page.get_by_role("heading", name="Set up two-factor sign-in").wait_for()
    page.get_by_role("img", name=re.compile("QR code")).wait_for()
    app = Authenticator(page.locator("#secret").inner_text())
    page.goto("/admin/events/meeting/")
    page.get_by_label("Username").wait_for()  # nobody is in yet
    page.goto("/admin/two-factor/set-up/")
    page.get_by_role(
        "textbox", name="Code"
    ).focus()  # the picture comes first, so the field does not take the focus
    page.keyboard.type("000000")
    page.keyboard.press("Enter")
    page.locator(".errorlist", has_text="This is not the code that belongs to the picture.").wait_for()
    assert page.get_by_role("textbox", name="Code").input_value() == ""
    page.get_by_role("textbox", name="Code").focus()
    page.keyboard.type(app.code())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your back-up codes").wait_for()
    codes = page.locator(".desk-codes code").all_inner_texts()
    assert len(set(codes)) == 10
    page.get_by_role("link", name="I have kept them, go on").press("Enter")
    page.get_by_text("ani", exact=True).wait_for()
    page.get_by_role("button", name="Log out").press("Enter")
    page.get_by_role("heading", name="Logged out").wait_for()

    give_password(page)
    page.locator("#id_code:focus").wait_for()
    page.keyboard.type(app.code())
    page.keyboard.press("Enter")
    page.get_by_text("ani", exact=True).wait_for()
    page.get_by_role("button", name="Log out").press("Enter")
    page.get_by_role("heading", name="Logged out").wait_for()

    give_password(page)
    page.locator("#id_code:focus").wait_for()
    page.keyboard.type(codes[0])
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Two-factor sign-in").press("Enter")
    page.get_by_text("You have 9 back-up codes left.").wait_for()


@pytest.mark.viewport(360, 740)
def test_on_a_telephone(page: Page, settings, browser_problems):
    settings.OTP_REQUIRED = True
    give_device(factories.UserFactory(username="ani", is_staff=True))
    give_password(page)
    page.get_by_role("heading", name="Enter a code").wait_for()
    assert fits(page)
    page.get_by_role("link", name="Sign in as somebody else").click()
    for _ in range(5):
        give_password(page, "wrong")
        page.locator(".errornote, h1:has-text('Too many attempts')").wait_for()
    page.get_by_role("heading", name="Too many attempts to sign in").wait_for()
    assert (fits(page), len(browser_problems)) == (True, 1)
    assert "429" in browser_problems.pop()


@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_and_the_width(page: Page, settings, browser_problems, width, scheme):
    settings.OTP_REQUIRED = True
    factories.UserFactory(username="ani", is_staff=True)
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 800})
    found = {}

    def look(name: str) -> None:
        """Note what axe finds, and a page wider than the window."""
        assert [problem for problem in browser_problems if "status of 4" not in problem] == []
        violations = [one["id"] for one in Axe().run(page).response["violations"]]
        browser_problems.clear()  # axe itself tries inline styles, which the page's policy refuses
        if violations or not fits(page):
            found[name] = violations

    def open_and_look(address: str, heading: str) -> None:
        page.goto(address)
        page.get_by_role("heading", name=heading, level=1).wait_for()
        look(address)

    open_and_look("/admin/", "Log in")
    give_password(page)
    page.get_by_role("heading", name="Set up two-factor sign-in").wait_for()
    look("set up")
    page.locator("#id_code").fill(Authenticator(page.locator("#secret").inner_text()).code())
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="Your back-up codes").wait_for()
    look("back-up codes")
    for address, heading in (
        ("/admin/two-factor/", "Two-factor sign-in"),
        ("/admin/password_change/", "Password change"),
        ("/admin/auth/user/", "Not allowed"),
        ("/admin/nothing/", "No such page"),
    ):
        open_and_look(address, heading)
    page.goto("/admin/")
    page.get_by_role("button", name="Log out").press("Enter")
    page.get_by_role("heading", name="Logged out").wait_for()
    give_password(page)
    page.get_by_role("heading", name="Enter a code").wait_for()
    page.locator("#id_code").fill("000000")
    page.keyboard.press("Enter")
    page.locator(".errorlist").wait_for()
    look("wrong code")
    for _ in range(4):
        give_password(page, "wrong")
        page.locator(".errornote, h1:has-text('Too many attempts')").wait_for()
    page.get_by_role("heading", name="Too many attempts to sign in").wait_for()
    look("too many attempts")
    assert found == {}
