"""The second factor: who is asked for it, who gets in with it, and that nobody is anybody before."""

import logging
import re
from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog
from django.contrib.auth.models import Permission
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from events.admin import devices
from tests import factories
from tests.authenticator import BACK_UP, Authenticator, give_device

pytestmark = pytest.mark.django_db

NOT_RIGHT = ["This code is not right, or it was used already. Enter the next one."]
KEY, KEY_TYPED = "00" * 20, "A" * 32
NO_CODE = ["A code of your device has six digits, a back-up code has ten: 123456 or 12345 67890."]


@pytest.fixture
def ani() -> Any:
    user = factories.UserFactory(username="ani", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="events"))
    return user


@pytest.fixture
def app(ani) -> Authenticator:
    return give_device(ani)


def password_step(client: Client, address: str = "/admin/", password: str = "password") -> str:
    data = {"username": "ani", "password": password, "next": address}
    response = client.post("/admin/login/", data)
    return response.url if response.status_code == 302 else str(response.status_code)


def enter(client: Client, code: str) -> Any:
    """What the second step answers: where it leads, or the errors of its field, or a status."""
    response = client.post("/admin/login/code/", {"code": code})
    if response.status_code != 200:
        return response.url if response.status_code == 302 else response.status_code
    return response.context["form"].errors["code"]


def sign_in(client: Client, code: str, address: str = "/admin/") -> Any:
    assert password_step(client, address) == "/admin/login/code/"
    return enter(client, code)


def pages(client: Client) -> list[int]:
    return [client.get(address).status_code for address in ("/admin/", "/admin/events/meeting/")]


def cooled_down() -> None:
    """As if the wait after a wrong code were over."""
    for kind in (TOTPDevice, StaticDevice):
        kind.objects.update(throttling_failure_timestamp=timezone.now() - timedelta(days=1))


class TestTheSecondStep:
    def test_a_code_signs_in_and_leads_where_one_was_going(self, client, app):
        assert sign_in(client, app.code(), "/admin/events/meeting/?q=a") == "/admin/events/meeting/?q=a"
        assert pages(client) == [200, 200]

    def test_the_password_alone_opens_nothing(self, client, app):
        draft = factories.MeetingFactory(status="draft")
        password_step(client)
        assert pages(client) == [302, 302]
        assert client.get("/admin/two-factor/").status_code == 302
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert "_auth_user_id" not in client.session
        assert client.get("/admin/two-factor/set-up/").url == "/admin/login/code/"

    def test_without_a_device_none_is_asked_where_none_is_required(self, client, ani):
        assert password_step(client) == "/admin/"
        assert pages(client) == [200, 200]

    @pytest.mark.parametrize(
        ("code", "errors"),
        [
            ("12345", NO_CODE),
            ("abcdef", NO_CODE),
            ("１２３４５", NO_CODE),
            ("١٢٣٤٥٦", NO_CODE),
            ("-12345", NO_CODE),
            ("1" * 41, ["Ensure this value has at most 40 characters (it has 41)."]),
            ("12\x00456", ["Null characters are not allowed."]),
            ("", ["This field is required."]),
            ("0987654321", NOT_RIGHT),
        ],
    )
    def test_what_is_no_code_is_a_message(self, client, app, code, errors):
        assert sign_in(client, code) == errors
        assert pages(client) == [302, 302]

    def test_blanks_and_full_width_digits_are_taken(self, client, app):
        code = app.code()
        assert sign_in(client, f" {code[:3]}-{code[3:]} ".translate({ord("1"): "１"})) == "/admin/"

    def test_a_code_works_once(self, app):
        code = app.code()
        assert sign_in(Client(), code) == "/admin/"
        assert sign_in(Client(), code) == NOT_RIGHT

    def test_a_back_up_code_works_once(self, app):
        assert sign_in(Client(), f"{BACK_UP[:5]} {BACK_UP[5:]}") == "/admin/"
        assert sign_in(Client(), BACK_UP) == NOT_RIGHT

    def test_who_runs_out_of_back_up_codes_is_told(self, client, app):
        sign_in(client, BACK_UP)
        messages = [str(message) for message in client.get("/admin/").context["messages"]]
        assert messages == ["You have 0 back-up codes left. Make new ones under “Two-factor sign-in”."]

    def test_anothers_code_is_none(self, client, app):
        other = give_device(factories.UserFactory(is_staff=True))
        StaticToken.objects.filter(device__user__username="ani").delete()
        assert sign_in(client, other.code()) == NOT_RIGHT
        cooled_down()
        assert enter(client, BACK_UP) == NOT_RIGHT

    def test_after_a_wrong_code_the_right_one_waits(self, client, app):
        assert sign_in(client, "000000") == NOT_RIGHT
        TOTPDevice.objects.update(
            throttling_failure_count=6, throttling_failure_timestamp=timezone.now() - timedelta(seconds=11)
        )
        (told,) = enter(client, app.code())
        assert re.fullmatch(
            r"Too many wrong codes\. Wait (20|21) seconds, and then enter the next code\.", told
        )
        cooled_down()
        assert enter(client, app.code()) == "/admin/"

    def test_nobody_who_knows_the_password_shuts_the_owner_out_for_long(self, client, app):
        password_step(client)
        wait = timedelta(seconds=512)
        TOTPDevice.objects.update(
            throttling_failure_count=40,
            throttling_failure_timestamp=timezone.now() - wait + timedelta(seconds=9),
        )
        assert re.match(r"Too many wrong codes\. Wait [89] seconds", enter(client, app.code())[0])
        TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - wait)
        assert enter(client, "000000") == NOT_RIGHT
        assert TOTPDevice.objects.get().throttling_failure_count == 11
        TOTPDevice.objects.update(throttling_failure_timestamp=timezone.now() - wait)
        assert enter(client, app.code()) == "/admin/"

    def test_wrong_codes_lock_out_like_wrong_passwords(self, client, app):
        password_step(client)
        answers = []
        for _ in range(6):
            answers.append(enter(client, "000000"))
            cooled_down()
        assert answers == [NOT_RIGHT] * 4 + [429, 429]
        assert (enter(client, app.code()), pages(client)) == (429, [302, 302])
        assert sign_in(Client(REMOTE_ADDR="198.51.100.7"), app.code()) == "/admin/"

    def test_the_right_password_does_not_set_wrong_codes_back(self, client, app):
        for _ in range(4):
            assert sign_in(client, "000000") == NOT_RIGHT
            cooled_down()
        assert sign_in(client, "000000") == 429
        assert AccessFailureLog.objects.count() == 5

    def test_a_step_waits_ten_minutes(self, client, app):
        password_step(client)
        session = client.session
        session["half_signed_in"] = {**session["half_signed_in"], "at": session["half_signed_in"]["at"] - 601}
        session.save()
        assert enter(client, app.code()) == "/admin/login/"
        assert enter(client, app.code()) == "/admin/login/"

    @pytest.mark.parametrize("change", [{"is_active": False}, {"is_staff": False}, {"password": "x"}])
    def test_an_account_that_changes_meanwhile_does_not_get_in(self, client, app, ani, change):
        password_step(client)
        type(ani).objects.update(**change)
        assert enter(client, app.code()) == "/admin/login/"

    def test_without_the_first_step_there_is_no_second(self, client, app):
        assert enter(client, app.code()) == "/admin/login/"
        assert pages(client) == [302, 302]

    def test_it_leads_to_no_other_site(self, client, app):
        assert sign_in(client, app.code(), "https://elsewhere.example/") == "/admin/"

    def test_the_number_of_the_session_changes_with_each_step(self, client, app):
        client.get("/admin/login/")
        session = client.session
        session["planted"] = True
        session.save()
        numbers = [session.session_key]
        password_step(client)
        numbers.append(client.session.session_key)
        enter(client, app.code())
        numbers.append(client.session.session_key)
        assert (len(set(numbers)), "planted" in client.session) == (3, False)
        assert list(Session.objects.values_list("session_key", flat=True)) == [numbers[-1]]


class TestSettingUp:
    def test_where_it_is_required_it_comes_before_anything_else(self, client, ani, settings, caplog):
        settings.OTP_REQUIRED = True
        caplog.set_level(logging.INFO)
        draft = factories.MeetingFactory(status="draft")
        assert password_step(client, "/admin/events/meeting/") == "/admin/two-factor/set-up/"
        assert pages(client) == [302, 302]
        assert client.get(draft.get_absolute_url()).status_code == 404
        assert client.get("/admin/login/code/").url == "/admin/two-factor/set-up/"
        page = client.get("/admin/two-factor/set-up/")
        text = page.content.decode()
        assert ("Meetings" in text, "nav-sidebar" in text, "logout-form" in text) == (False, False, False)
        assert page.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        secret = page.context["secret"]
        assert client.get("/admin/two-factor/set-up/").context["secret"] == secret
        app = Authenticator(secret)
        wrong = client.post("/admin/two-factor/set-up/", {"code": "000000"})
        assert wrong.context["form"].errors["code"] == [
            "This is not the code that belongs to the picture. Is the clock of your device right?"
        ]
        short = client.post("/admin/two-factor/set-up/", {"code": BACK_UP})
        assert short.context["form"].errors["code"] == [
            "Enter the six digits that your app shows now, for example 123456."
        ]
        assert TOTPDevice.objects.count() == 0
        code = app.code()
        answer = client.post("/admin/two-factor/set-up/", {"code": code})
        codes = re.findall(r"<li><code>(\d{5} \d{5})</code></li>", answer.content.decode())
        assert (len(set(codes)), answer.context["go_on"]) == (10, "/admin/events/meeting/")
        assert [line for line in caplog.messages if "evice" in line or "ack-up" in line] == [
            "Device set up: 'ani' from 127.0.0.1",
            "Back-up codes made: 'ani' from 127.0.0.1",
        ]
        assert answer.headers["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
        assert pages(client) == [200, 200]
        # The same form again shows neither codes nor secrets.
        assert client.post("/admin/two-factor/set-up/", {"code": code}).url == "/admin/two-factor/"
        assert sign_in(Client(), code) == NOT_RIGHT
        cooled_down()
        assert sign_in(Client(), app.code()) == "/admin/"
        assert sign_in(Client(), codes[3]) == "/admin/"

    def test_of_two_who_begin_with_one_password_the_second_takes_no_device_away(self, ani):
        first = devices.attach(ani, KEY, Authenticator(KEY_TYPED).code(), is_first=True)
        with pytest.raises(ValidationError) as caught:
            devices.attach(ani, KEY, Authenticator(KEY_TYPED).code(), is_first=True)
        assert caught.value.messages == [
            "Your account has a device by now. Sign in anew with a code of that one."
        ]
        assert TOTPDevice.objects.get() == first

    def test_a_session_without_it_is_nobodys(self, client, ani, settings):
        client.force_login(ani)
        draft = factories.MeetingFactory(status="draft")
        assert (pages(client), client.get(draft.get_absolute_url()).status_code) == ([200, 200], 200)
        settings.OTP_REQUIRED = True
        assert (pages(client), client.get(draft.get_absolute_url()).status_code) == ([302, 302], 404)

    def test_where_it_is_not_required_it_asks_for_the_password(self, client, ani):
        client.force_login(ani)
        other = Client()
        other.force_login(ani)
        assert client.get("/admin/two-factor/set-up/").url == "/admin/two-factor/"
        wrong = client.post("/admin/two-factor/", {"password": "wrong", "act": "set_up"})
        assert wrong.context["form"].errors == {"password": ["This is not your password."]}
        assert client.get("/admin/two-factor/set-up/").url == "/admin/two-factor/"
        right = client.post("/admin/two-factor/", {"password": "password", "act": "set_up"})
        assert right.url == "/admin/two-factor/set-up/"
        app = Authenticator(client.get("/admin/two-factor/set-up/").context["secret"])
        answer = client.post("/admin/two-factor/set-up/", {"code": app.code()})
        assert len(answer.context["codes"]) == 10
        # This session has shown the device, another one of the same person has not.
        assert (pages(client), pages(other)) == ([200, 200], [302, 302])

    def test_the_picture_says_the_secret(self, client, ani, settings):
        settings.OTP_REQUIRED = True
        password_step(client)
        page = client.get("/admin/two-factor/set-up/")
        secret = page.context["secret"].replace(" ", "")
        assert page.context["address"] == (
            f"otpauth://totp/South%20Caucasus%20Diplomatic%20Archive%3Aani?secret={secret}"
            "&algorithm=SHA1&digits=6&period=30&issuer=South%20Caucasus%20Diplomatic%20Archive"
        )
        assert f'<path d="{page.context["picture"]}" />' in page.content.decode()


class TestTheOverview:
    @pytest.fixture
    def inside(self, client, app):
        assert sign_in(client, app.code()) == "/admin/"
        return client

    def ask(self, client: Client, act: str, code: str, password: str = "password") -> Any:
        return client.post("/admin/two-factor/", {"password": password, "code": code, "act": act})

    def test_new_codes_take_the_place_of_the_old_ones(self, inside, app):
        codes = self.ask(inside, "codes", app.code()).context["codes"]
        assert len(set(codes)) == 10
        assert sign_in(Client(), BACK_UP) == NOT_RIGHT
        cooled_down()
        assert sign_in(Client(), codes[0]) == "/admin/"
        assert pages(inside) == [200, 200]

    def test_another_device_takes_the_place_of_the_old_one(self, inside, app, ani):
        elsewhere, by_back_up_code = Client(), Client()
        sign_in(elsewhere, app.code())
        assert (sign_in(by_back_up_code, BACK_UP), pages(by_back_up_code)) == ("/admin/", [200, 200])
        assert self.ask(inside, "set_up", app.code()).url == "/admin/two-factor/set-up/"
        new = Authenticator(inside.get("/admin/two-factor/set-up/").context["secret"])
        assert (TOTPDevice.objects.get().bin_key, new.key != app.key) == (app.key, True)
        inside.post("/admin/two-factor/set-up/", {"code": new.code()})
        assert TOTPDevice.objects.get().bin_key == new.key
        assert [pages(one) for one in (inside, elsewhere, by_back_up_code)] == [
            [200, 200],
            [302, 302],
            [302, 302],
        ]
        assert sign_in(Client(), app.code()) == NOT_RIGHT

    @pytest.mark.parametrize("act", ["set_up", "codes", "remove"])
    def test_nothing_without_password_and_code(self, inside, app, act):
        kept = [TOTPDevice.objects.get().key, StaticToken.objects.get().token]
        wrong = self.ask(inside, act, app.code(), password="wrong")
        assert wrong.context["form"].errors == {"password": ["This is not your password."]}
        assert self.ask(inside, act, "000000").context["form"].errors == {"code": NOT_RIGHT}
        assert [TOTPDevice.objects.get().key, StaticToken.objects.get().token] == kept
        assert inside.get("/admin/two-factor/set-up/").url == "/admin/two-factor/"

    def test_guessing_here_locks_out_too(self, inside):
        answers = [self.ask(inside, "codes", "123456", password="wrong").status_code for _ in range(6)]
        assert answers == [200] * 4 + [429, 429]

    def test_going_back_to_the_password_alone(self, inside, app):
        elsewhere = Client()
        sign_in(elsewhere, app.code())
        assert self.ask(inside, "remove", app.code()).url == "/admin/two-factor/"
        assert [TOTPDevice.objects.count(), StaticDevice.objects.count()] == [0, 0]
        assert (pages(inside), pages(elsewhere), pages(elsewhere)) == ([200, 200], [302, 302], [302, 302])
        assert password_step(Client()) == "/admin/"

    def test_where_it_is_required_nobody_goes_back(self, inside, app, settings):
        settings.OTP_REQUIRED = True
        assert b'value="remove"' not in inside.get("/admin/two-factor/").content
        assert self.ask(inside, "remove", app.code()).url == "/admin/two-factor/"
        assert TOTPDevice.objects.count() == 1

    def test_a_wish_that_there_is_none_changes_nothing(self, inside, app):
        assert self.ask(inside, "everything", app.code()).url == "/admin/two-factor/"
        assert [TOTPDevice.objects.count(), StaticToken.objects.count()] == [1, 1]


class TestSessionsEnd:
    """Two browsers of one person, and what ends which."""

    @pytest.fixture
    def two(self, ani) -> tuple[Client, Client]:
        here, there = Client(), Client()
        for client in (here, there):
            assert (password_step(client), pages(client)) == ("/admin/", [200, 200])
        return here, there

    def test_a_new_password_ends_the_others(self, two):
        here, there = two
        data = {"old_password": "password", "new_password1": "Ararat-5137", "new_password2": "Ararat-5137"}
        assert here.post("/admin/password_change/", data).status_code == 302
        assert (pages(here), pages(there)) == ([200, 200], [302, 302])

    def test_the_old_password_cannot_be_guessed(self, two):
        here, there = two
        new = {"new_password1": "Ararat-5137", "new_password2": "Ararat-5137"}
        answers = [
            here.post("/admin/password_change/", {"old_password": f"wrong{n}", **new}) for n in range(4)
        ]
        assert [answer.context["form"].errors for answer in answers] == [
            {"old_password": ["Your old password was entered incorrectly. Please enter it again."]}
        ] * 4
        kept = repr([*AccessAttempt.objects.values_list(), *AccessFailureLog.objects.values_list()])
        assert ("wrong" in kept, "Ararat" in kept) == (False, False)
        for old in ("wrong", "password"):
            assert here.post("/admin/password_change/", {"old_password": old, **new}).status_code == 429
        assert (pages(here), pages(there)) == ([200, 200], [200, 200])

    def test_a_password_that_an_administrator_sets_ends_all(self, two, ani, admin_client):
        data = {"usable_password": "true", "password1": "Ararat-5137", "password2": "Ararat-5137"}
        assert admin_client.post(f"/admin/auth/user/{ani.pk}/password/", data).status_code == 302
        assert [pages(client) for client in two] == [[302, 302], [302, 302]]

    def test_deactivation_ends_all(self, two, ani):
        draft = factories.MeetingFactory(status="draft")
        type(ani).objects.update(is_active=False)
        for client in two:
            assert client.get(draft.get_absolute_url()).status_code == 404
            assert pages(client) == [302, 302]
        assert password_step(Client()) == "200"
        type(ani).objects.update(is_active=True)
        assert [pages(client) for client in two] == [[302, 302], [302, 302]]

    def test_signing_out_ends_one(self, two):
        here, there = two
        assert here.get("/admin/logout/").status_code == 405
        assert pages(here) == [200, 200]
        here.post("/admin/logout/")
        assert (pages(here), pages(there)) == ([302, 302], [200, 200])

    def test_a_stolen_number_is_worth_nothing_after_signing_out(self, two, settings):
        here, _there = two
        thief = Client()
        thief.cookies[settings.SESSION_COOKIE_NAME] = here.session.session_key
        assert pages(thief) == [200, 200]
        here.post("/admin/logout/")
        assert pages(thief) == [302, 302]

    def test_a_session_lasts_a_working_day(self, two):
        ends = Session.objects.values_list("expire_date", flat=True)
        wait = timedelta(hours=12)
        assert [wait - timedelta(minutes=5) < end - timezone.now() <= wait for end in ends] == [True, True]


class TestResetOtp:
    def test_the_device_is_gone_and_its_sessions_with_it(self, client, app, capsys, settings):
        settings.OTP_REQUIRED = True
        sign_in(client, app.code())
        call_command("reset_otp", "ani")
        call_command("reset_otp", "ani")
        assert capsys.readouterr().out == (
            "“ani” has no second factor any more.\n“ani” had no second factor.\n"
        )
        assert [TOTPDevice.objects.count(), StaticDevice.objects.count()] == [0, 0]
        assert pages(client) == [302, 302]
        assert password_step(client) == "/admin/two-factor/set-up/"

    @pytest.mark.parametrize(
        ("name", "message"), [("nobody", "There is no account “nobody”."), ("a\0b", "A name holds no NUL.")]
    )
    def test_an_account_that_there_is_not(self, name, message):
        with pytest.raises(CommandError) as caught:
            call_command("reset_otp", name)
        assert str(caught.value) == message


def test_a_qr_code_holds_what_it_says():
    """The modules of the picture, read back from the path: those of the library's own drawing of the same text."""
    import qrcode

    code = qrcode.QRCode(border=4)
    code.add_data("otpauth://totp/ani?secret=ABC")
    code.make()
    side, picture = devices.qr_code("otpauth://totp/ani?secret=ABC")
    read = [[False] * side for _ in range(side)]
    for x, y, length, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", picture):
        assert x == back
        for column in range(int(x), int(x) + int(length)):
            read[int(y)][column] = True
    assert read == code.get_matrix()
