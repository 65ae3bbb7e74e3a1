"""The people of the archive: accounts, groups, and who signed in.

Whoever manages people cannot give themselves, or anybody, what only a superuser may: see `PersonAdmin`.
"""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django import forms
from django.contrib import admin, messages
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group, User
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from events.admin import devices
from events.admin.desk import AnyAddress

# What somebody's own form does not change: nobody gives themselves rights, or shuts themselves out.
OWN = ("is_active", "is_staff", "groups")


def end_sessions(user: User) -> None:
    """Sign `user` out everywhere. Reads every session that is under way; only people of the desk have any."""
    for session in Session.objects.filter(expire_date__gte=timezone.now()).iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user.pk):
            session.delete()


class NameOfItsOwn(forms.ModelForm):
    """Refuses a name that another account has but for capitals: people would take one for the other."""

    def clean_username(self) -> str:
        name = self.cleaned_data["username"]
        others = User.objects.exclude(pk=self.instance.pk)
        if others.filter(username__iexact=name).exists():
            raise ValidationError(_("Somebody has this name already. Capitals make no difference."))
        return name


class NewPersonForm(NameOfItsOwn, AdminUserCreationForm):
    pass


class PersonForm(NameOfItsOwn, UserChangeForm):
    pass


class PersonAdmin(AnyAddress, UserAdmin):
    """Accounts, as a superuser sees them, and as somebody with the rights on users alone does.

    The latter neither sees nor sends the fields that grant rights one by one, changes no superuser in any way, and not the
    groups and status of their own account. Accounts are not deleted but made inactive, as the history names them.
    """

    form = PersonForm
    add_form = NewPersonForm
    list_display = (
        "username",
        "first_name",
        "last_name",
        "is_active",
        "is_staff",
        "second_factor",
        "last_login",
    )
    list_filter = ("is_active", "is_staff", "groups")
    actions = ("take_device_off",)
    readonly_fields = ("last_login", "date_joined", "second_factor")
    fieldsets = (
        (None, {"fields": ("username", "password", "second_factor")}),
        (gettext_lazy("Person"), {"fields": ("first_name", "last_name", "email")}),
        (gettext_lazy("What they may do"), {"fields": ("is_active", "is_staff", "groups")}),
        (gettext_lazy("Dates"), {"fields": ("last_login", "date_joined")}),
    )
    superuser_fieldsets = (
        *fieldsets,
        (gettext_lazy("Beyond the groups"), {"fields": ("is_superuser", "user_permissions")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return super().get_fieldsets(request, obj)
        return self.superuser_fieldsets if request.user.is_superuser else self.fieldsets

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        is_own = obj is not None and obj.pk == request.user.pk
        return (*fields, *OWN) if is_own and not request.user.is_superuser else fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        device = TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True)
        return super().get_queryset(request).annotate(has_device=Exists(device))

    @admin.display(description=gettext_lazy("second factor"), boolean=True, ordering="has_device")
    def second_factor(self, user: Any) -> bool:
        return user.has_device

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        is_above = obj is not None and obj.is_superuser and not request.user.is_superuser
        return super().has_change_permission(request, obj) and not is_above

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return bool(request.user.is_superuser) and super().has_delete_permission(request, obj)

    def save_model(self, request: HttpRequest, obj: User, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if not (obj.is_active and obj.is_staff):
            end_sessions(obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        person = form.instance
        if person.is_active and not person.is_staff and person.groups.exists():
            text = _("“%(name)s” has a group and cannot sign in to the desk yet: tick “Staff status”.")
            messages.warning(request, text % {"name": person.get_username()})

    @admin.action(description=gettext_lazy("Take off the device (it was lost)"), permissions=["change"])
    def take_device_off(self, request: HttpRequest, people: QuerySet[User]) -> None:
        """One's own is looked after on the page of the second factor, which asks for the password."""
        taken = 0
        for person in people:
            if person.pk == request.user.pk or not self.has_change_permission(request, person):
                messages.warning(
                    request, _("You cannot take the device off “%(name)s”.") % {"name": person.get_username()}
                )
            elif devices.forget(person):
                taken += 1
                end_sessions(person)
                self.log_change(request, person, "Took off the device of the second factor.")
        if not taken:
            return
        text = ngettext(
            "%(n)s person has no second factor any more and is asked to set one up at the next sign-in.",
            "%(n)s people have no second factor any more and are asked to set one up at the next sign-in.",
            taken,
        )
        messages.success(request, text % {"n": taken})


class RolesAdmin(AnyAddress, GroupAdmin):
    """Which rights a group has, only a superuser decides: the rights of groups are those of the archive's rules."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        return bool(request.user.is_superuser)


class WrittenByTheArchive(AnyAddress):
    """What nobody adds, changes or deletes by hand."""

    date_hierarchy = "attempt_time"
    search_fields = ("username", "ip_address")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class SignInAdmin(WrittenByTheArchive):
    list_display = ("attempt_time", "username", "ip_address", "logout_time", "user_agent")
    fields = ("attempt_time", "username", "ip_address", "logout_time", "user_agent", "path_info")


class FailureAdmin(WrittenByTheArchive):
    list_display = ("attempt_time", "username", "ip_address", "locked_out", "user_agent")
    list_filter = ("locked_out",)
    fields = ("attempt_time", "username", "ip_address", "locked_out", "user_agent", "path_info")


class AttemptAdmin(WrittenByTheArchive):
    """What counts towards locking out now; a row lapses by itself."""

    list_display = ("attempt_time", "username", "ip_address", "failures_since_start", "user_agent")
    fields = ("attempt_time", "username", "ip_address", "failures_since_start", "user_agent", "path_info")


# Their own admins show the secrets of devices, and take rights of their own.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])
admin.site.register(User, PersonAdmin)
admin.site.register(Group, RolesAdmin)
admin.site.register(AccessLog, SignInAdmin)
admin.site.register(AccessFailureLog, FailureAdmin)
admin.site.register(AccessAttempt, AttemptAdmin)
