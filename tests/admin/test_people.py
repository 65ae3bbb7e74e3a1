"""Who manages people cannot come to rights that way, for themselves or for others."""

from typing import Any

import pytest
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.auth.models import Group, Permission, User
from django.test import Client
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from tests import factories
from tests.admin.desk import shown, staff
from tests.authenticator import give_device

pytestmark = pytest.mark.django_db

RIGHTS = (
    "add_user", "change_user", "delete_user", "view_user", "add_group", "change_group", "delete_group", "view_group",
    "view_accesslog", "view_accessfailurelog", "view_accessattempt", "delete_accesslog", "delete_accessattempt",
    "change_accesslog", "add_accesslog",
)  # fmt: skip


@pytest.fixture
def keeper() -> User:
    """Somebody with all rights on people that there are, short of being a superuser."""
    user = factories.UserFactory(username="keeper", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=RIGHTS))
    return user


@pytest.fixture
def desk(client: Client, keeper: User) -> Client:
    client.force_login(keeper)
    return client


@pytest.fixture
def root() -> User:
    return factories.UserFactory(
        username="root", is_staff=True, is_superuser=True, email="root@archive.example"
    )


def address(user: Any) -> str:
    return f"/admin/auth/user/{user.pk}/change/"


def rights(user: User) -> tuple[Any, ...]:
    user = User.objects.get(pk=user.pk)
    groups = sorted(user.groups.values_list("name", flat=True))
    return user.is_active, user.is_staff, user.is_superuser, groups, user.user_permissions.count()


FORGED = {"is_superuser": "on", "user_permissions": ["1", "2"], "is_staff": "on", "is_active": "on"}


class TestAnAdministrator:
    def test_makes_an_account_and_gives_it_a_group(self, desk):
        data = {
            "username": "mher", "usable_password": "true", "password1": "Ararat-5137", "password2": "Ararat-5137", **FORGED,
        }  # fmt: skip
        assert desk.post("/admin/auth/user/add/", data).status_code == 302
        mher = User.objects.get(username="mher")
        assert rights(mher) == (True, False, False, [], 0)
        group = Group.objects.get(name="Editor")
        form = {**shown(desk.get(address(mher))), "groups": [group.pk], **FORGED}
        assert desk.post(address(mher), form).status_code == 302
        assert rights(mher) == (True, True, False, ["Editor"], 0)

    def test_is_told_of_a_group_that_lets_nobody_in(self, desk):
        mher = factories.UserFactory(username="mher", is_staff=False)
        group = Group.objects.get(name="Editor")
        told = "“mher” has a group and cannot sign in to the desk yet: tick “Staff status”."
        for is_staff, expected in (({}, [told]), ({"is_staff": "on"}, [])):
            form = {**shown(desk.get(address(mher))), "groups": [group.pk], **is_staff}
            answer = desk.post(address(mher), form, follow=True)
            messages = [str(one) for one in answer.context["messages"] if one.level_tag == "warning"]
            assert messages == expected

    def test_does_not_make_themselves_more(self, desk, keeper):
        before = rights(keeper)
        page = desk.get(address(keeper))
        assert {"is_superuser", "user_permissions", "groups", "is_staff"} & set(shown(page)) == set()
        form = {
            **shown(page),
            "first_name": "Kay",
            "groups": [group.pk for group in Group.objects.all()],
            **FORGED,
        }
        assert desk.post(address(keeper), form).status_code == 302
        assert (rights(keeper), User.objects.get(pk=keeper.pk).first_name) == (before, "Kay")

    def test_changes_no_superuser(self, desk, root):
        before = rights(root), root.password
        give_device(root)
        own = TOTPDevice.objects.get().key
        page = desk.get(address(root))
        assert (page.status_code, b'name="_save"' in page.content) == (200, False)
        assert desk.post(address(root), {"username": "mine", "is_active": ""}).status_code == 403
        password = {"usable_password": "true", "password1": "Ararat-5137", "password2": "Ararat-5137"}
        assert desk.post(f"/admin/auth/user/{root.pk}/password/", password).status_code == 403
        assert desk.post(f"/admin/auth/user/{root.pk}/delete/", {"post": "yes"}).status_code == 403
        take_off = {"action": "take_device_off", "_selected_action": [root.pk]}
        told = desk.post("/admin/auth/user/", take_off, follow=True).context["messages"]
        assert [str(message) for message in told] == ["You cannot take the device off “root”."]
        root.refresh_from_db()
        assert ((rights(root), root.password), TOTPDevice.objects.get().key) == (before, own)

    def test_decides_nothing_about_the_rights_of_groups(self, desk):
        group = Group.objects.get(name="Editor")
        before = set(group.permissions.values_list("pk", flat=True))
        form = {"name": "Mine", "permissions": [Permission.objects.get(codename="delete_user").pk]}
        assert desk.get(f"/admin/auth/group/{group.pk}/change/").status_code == 200
        for path in (f"{group.pk}/change/", "add/"):
            assert desk.post(f"/admin/auth/group/{path}", form).status_code == 403
        assert desk.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403
        group.refresh_from_db()
        assert (group.name, set(group.permissions.values_list("pk", flat=True))) == ("Editor", before)
        assert Group.objects.filter(name="Mine").exists() is False

    def test_deletes_nobody(self, desk):
        other = factories.UserFactory()
        assert desk.post(f"/admin/auth/user/{other.pk}/delete/", {"post": "yes"}).status_code == 403
        delete = {"action": "delete_selected", "_selected_action": [other.pk], "post": "yes"}
        desk.post("/admin/auth/user/", delete)
        assert User.objects.filter(pk=other.pk).exists() is True

    @pytest.mark.parametrize("name", ["KEEPER", "ｋeeper", "Keeper"])
    def test_gives_no_name_that_is_taken_but_for_capitals(self, desk, name):
        data = {
            "username": name,
            "usable_password": "true",
            "password1": "Ararat-5137",
            "password2": "Ararat-5137",
        }
        answer = desk.post("/admin/auth/user/add/", data)
        assert answer.context["adminform"].form.errors == {
            "username": ["Somebody has this name already. Capitals make no difference."]
        }

    def test_whoever_is_made_inactive_is_signed_out_for_good(self, desk):
        mher, there, draft = staff("Editor"), Client(), factories.MeetingFactory(status="draft")
        there.force_login(mher)
        assert there.get(draft.get_absolute_url()).status_code == 200
        form = shown(desk.get(address(mher)))
        desk.post(address(mher), {name: value for name, value in form.items() if name != "is_active"})
        desk.post(address(mher), form)
        assert rights(mher)[0] is True
        assert there.get(draft.get_absolute_url()).status_code == 404

    def test_takes_a_lost_device_off(self, desk):
        mher, there = staff("Editor"), Client()
        give_device(mher)
        there.force_login(factories.UserFactory())
        take_off = {"action": "take_device_off", "_selected_action": [mher.pk]}
        told = desk.post("/admin/auth/user/", take_off, follow=True).context["messages"]
        assert [str(message) for message in told] == [
            "1 person has no second factor any more and is asked to set one up at the next sign-in."
        ]
        assert [TOTPDevice.objects.count(), StaticDevice.objects.count()] == [0, 0]

    def test_takes_no_device_off_their_own_account(self, client, keeper):
        from tests.admin.test_sign_in import enter

        app = give_device(keeper)
        client.post("/admin/login/", {"username": "keeper", "password": "password"})
        assert enter(client, app.code()) == "/admin/"
        client.post("/admin/auth/user/", {"action": "take_device_off", "_selected_action": [keeper.pk]})
        assert TOTPDevice.objects.count() == 1

    def test_sees_sign_ins_and_changes_none(self, desk):
        AccessFailureLog.objects.create(username="mher", ip_address="192.0.2.1", path_info="/admin/login/")
        AccessAttempt.objects.create(
            username="mher", ip_address="192.0.2.1", failures_since_start=2, post_data="Zyqxwort"
        )
        for kind in (AccessLog, AccessFailureLog, AccessAttempt):
            base = f"/admin/axes/{kind._meta.model_name}/"
            row = kind.objects.get()
            assert str(row.username) in desk.get(base).content.decode()
            page = desk.get(f"{base}{row.pk}/change/")
            assert (page.status_code, b"Zyqxwort" in page.content) == (200, False)
            statuses = [
                desk.post(f"{base}{row.pk}/change/", {"username": "x"}).status_code,
                desk.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code,
                desk.get(f"{base}add/").status_code,
            ]
            assert (statuses, kind.objects.get().username) == ([403, 403, 403], row.username)


def test_the_group_administrator_manages_people_and_sees_sign_ins(client):
    client.force_login(staff("Administrator"))
    mher = factories.UserFactory(username="mher")
    paths = (
        "auth/user/",
        "auth/user/add/",
        "auth/group/",
        "axes/accesslog/",
        "axes/accessfailurelog/",
        "axes/accessattempt/",
    )
    assert [client.get(f"/admin/{path}").status_code for path in paths] == [200] * 6
    form = {
        **shown(client.get(address(mher))),
        "groups": [Group.objects.get(name="Reviewer").pk],
        "is_staff": "on",
    }
    assert client.post(address(mher), form).status_code == 302
    assert rights(mher) == (True, True, False, ["Reviewer"], 0)
    assert client.get("/admin/events/meeting/").status_code == 403


def test_an_editor_sees_no_people(client):
    client.force_login(staff("Editor", "Reviewer"))
    paths = ("auth/user/", "auth/group/", "axes/accesslog/", "axes/accessfailurelog/", "axes/accessattempt/")
    assert [client.get(f"/admin/{path}").status_code for path in paths] == [403] * 5


def test_a_superuser_gives_rights_one_by_one_and_sees_no_secret(client, root):
    client.force_login(root)
    mher = staff("Editor")
    give_device(mher)
    form = {**shown(client.get(address(mher))), **FORGED}
    client.post(address(mher), form)
    assert rights(mher) == (True, True, True, ["Editor"], 2)
    secret = TOTPDevice.objects.get().key
    assert secret not in client.get(address(mher)).content.decode()
    paths = ("otp_totp/totpdevice/", "otp_static/staticdevice/")
    assert [client.get(f"/admin/{path}").status_code for path in paths] == [404, 404]
