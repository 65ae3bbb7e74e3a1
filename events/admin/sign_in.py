"""Signing in to the desk: name and password, then a code; and the page where somebody looks after their second factor.

Nobody is signed in between the two steps. The session then only holds who has given the right password, for ten minutes.
"""

import logging
import time
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.helpers import get_client_ip_address, get_lockout_response
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.admin.forms import AdminAuthenticationForm, AdminPasswordChangeForm
from django.contrib.auth import authenticate, get_user_model, login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.signals import user_login_failed
from django.contrib.auth.views import LoginView, PasswordChangeView
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse, reverse_lazy
from django.utils.crypto import constant_time_compare
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.generic import FormView
from django_otp import DEVICE_ID_SESSION_KEY
from django_otp import login as show_device

from events.admin import devices

PATIENCE = 10 * 60  # seconds between two steps
LOCK = 7_264_191  # a number of our own among the advisory locks of the database
FEW_CODES = 3
log = logging.getLogger("caucasus.sign_in")  # where sign-ins are told, too
HALF_WAY = "half_signed_in"
SETTING_UP = "setting_up_device"
DIGITS_ONLY = {
    "autocomplete": "one-time-code",
    "inputmode": "numeric",
    "class": "vTextField desk-code",
    "aria-describedby": "id_code_help",
}


class GuardedForm(FormView):
    """A page on which a password can be tried. Forms from one address wait for each other.

    A hundred sent at once would otherwise all be let try before the first of them has been counted.
    """

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [LOCK, get_client_ip_address(request)]
                )
            return super().post(request, *args, **kwargs)


class PasswordStepForm(AdminAuthenticationForm):
    def confirm_login_allowed(self, user: Any) -> None:
        """The right password of an account that may not come in counts as a wrong one, so that counting does not tell it."""
        try:
            super().confirm_login_allowed(user)
        except ValidationError:
            credentials = {"username": user.get_username()}
            user_login_failed.send(sender=__name__, credentials=credentials, request=self.request)
            raise


class PasswordStep(GuardedForm, LoginView):
    """The first step. It signs in by itself where no second factor is asked."""

    template_name = "admin/sign_in.html"
    authentication_form = PasswordStepForm
    next_page = "admin:index"

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        user: Any = form.get_user()
        has_device = devices.has_device(user)
        if not has_device and not settings.OTP_REQUIRED:
            return super().form_valid(form)
        # A session of its own: nothing of somebody else's goes on, and a number that was planted is worth nothing.
        self.request.session.flush()
        self.request.session[HALF_WAY] = {
            "user": user.pk,
            "password": user.get_session_auth_hash(),
            "backend": user.backend,
            "at": time.time(),
            "next": self.get_success_url(),
        }
        return redirect("admin:sign_in_code" if has_device else "admin:two_factor_set_up")


def half_way(request: HttpRequest) -> Any:
    """Who has taken the first step in this session and may take the second; None for nobody."""
    kept = request.session.get(HALF_WAY)
    if not kept or not 0 <= time.time() - kept["at"] <= PATIENCE:
        return None
    user: Any = get_user_model().objects.filter(pk=kept["user"], is_active=True, is_staff=True).first()
    if user is None or not constant_time_compare(kept["password"], user.get_session_auth_hash()):
        return None
    return user


def finish(request: HttpRequest, user: Any, device: Any) -> str:
    """Sign in `user`, who has shown `device`, in a session of a new number; the address to go on to."""
    kept = request.session.pop(HALF_WAY)
    user.otp_device = device
    login(request, user, backend=kept["backend"])
    return kept["next"]


class NewPasswordForm(AdminPasswordChangeForm):
    """Asks for the old password as the sign-in does, so that it cannot be guessed here either."""

    def __init__(self, user: Any, *args: Any, request: HttpRequest, **kwargs: Any) -> None:
        self.request = request
        super().__init__(user, *args, **kwargs)

    @sensitive_variables("old")
    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        if authenticate(self.request, username=self.user.get_username(), password=old) != self.user:
            raise ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return old


class NewPassword(GuardedForm, PasswordChangeView):
    form_class = NewPasswordForm
    success_url = reverse_lazy("admin:password_change_done")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}


class CodeInput(forms.PasswordInput):
    """A field that comes back empty: a code that was wrong once is wrong for ever."""

    input_type = "text"


class CodeForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=CodeInput(attrs={**DIGITS_ONLY, "autofocus": True}),
        help_text=gettext_lazy(
            "The six digits that your device shows now, for example 123456; or one of your back-up codes, for example 12345 67890."
        ),
    )


class SetUpForm(forms.Form):
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=CodeInput(attrs=DIGITS_ONLY),
        help_text=gettext_lazy("The six digits that your app shows now, for example 123456."),
    )


class ConfirmForm(forms.Form):
    """Who asks for something about the second factor shows again that it is theirs."""

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "class": "vTextField"}),
        help_text=gettext_lazy("The one that you sign in with."),
    )
    code = forms.CharField(
        label=gettext_lazy("Code"),
        max_length=40,
        widget=CodeInput(attrs=DIGITS_ONLY),
        help_text=CodeForm.base_fields["code"].help_text,
    )


@method_decorator([never_cache, csrf_protect, sensitive_post_parameters()], name="dispatch")
class Step(FormView):
    """A page of the desk about the second factor."""

    site: Any = None
    title: Any = ""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = {**self.site.each_context(self.request), "title": self.title, "subtitle": None}
        return {**context, "otp_required": settings.OTP_REQUIRED, **super().get_context_data(**kwargs)}

    def to_first_step(self) -> HttpResponse:
        messages.info(self.request, _("Please sign in with your name and your password first."))
        return redirect("admin:login")

    def note(self, user: Any, what: str) -> None:
        log.info("%s: %a from %s", what, user.get_username(), get_client_ip_address(self.request))

    def show_codes(self, user: Any, address: str) -> HttpResponse:
        """The page with new back-up codes: an answer to a form and no address of its own, so they are shown once."""
        codes = devices.make_codes(user)
        self.note(user, "Back-up codes made")
        context = {**self.site.each_context(self.request), "title": _("Your back-up codes"), "subtitle": None}
        return render(
            self.request, "admin/two_factor_codes.html", {**context, "codes": codes, "go_on": address}
        )


class CodeStep(Step):
    """The second step: a code of the device, or a back-up code."""

    template_name = "admin/sign_in_code.html"
    form_class = CodeForm
    title = gettext_lazy("Enter a code")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.person = half_way(request)
        if self.person is None:
            return redirect("admin:index") if self.site.has_permission(request) else self.to_first_step()
        if not devices.has_device(self.person):
            return redirect("admin:two_factor_set_up" if settings.OTP_REQUIRED else "admin:login")
        credentials = {"username": self.person.get_username()}
        if request.method == "POST" and not AxesProxyHandler.is_allowed(request, credentials):
            return get_lockout_response(request, None, credentials)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: CodeForm) -> HttpResponse:
        try:
            device = devices.check(self.request, self.person, form.cleaned_data["code"])
        except ValidationError as error:
            form.add_error("code", error)
            return self.form_invalid(form)
        address = finish(self.request, self.person, device)
        left = devices.codes_left(self.person)
        if left <= FEW_CODES:
            messages.warning(
                self.request,
                ngettext(
                    "You have %(n)s back-up code left. Make new ones under “Two-factor sign-in”.",
                    "You have %(n)s back-up codes left. Make new ones under “Two-factor sign-in”.",
                    left,
                )
                % {"n": left},
            )
        return redirect(address)


class SetUp(Step):
    """Take a device into use: on the way in where one is required, or after having confirmed the wish on the overview."""

    template_name = "admin/two_factor_set_up.html"
    form_class = SetUpForm
    title = gettext_lazy("Set up two-factor sign-in")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.is_half_way = False
        if self.site.has_permission(request):
            self.person: Any = request.user
            wish = request.session.get(SETTING_UP, {})
            if not 0 <= time.time() - wish.get("at", 0) <= PATIENCE:
                return redirect("admin:two_factor")
            return super().dispatch(request, *args, **kwargs)
        self.person = half_way(request)
        if self.person is None:
            return self.to_first_step()
        if devices.has_device(self.person):
            return redirect("admin:sign_in_code")
        self.is_half_way = True
        return super().dispatch(request, *args, **kwargs)

    @property
    def key(self) -> str:
        """The secret on offer: the same until it is taken, so that the page may be loaded anew."""
        wish = self.request.session.setdefault(SETTING_UP, {"at": time.time()})
        if "key" not in wish:
            wish["key"] = devices.new_key()
            self.request.session.modified = True
        return wish["key"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = devices.address(self.person, self.key)
        side, picture = devices.qr_code(address)
        return super().get_context_data(
            address=address,
            secret=devices.spelled(self.key),
            side=side,
            picture=picture,
            person=self.person.get_username(),
            is_half_way=self.is_half_way,
            **kwargs,
        )

    def form_valid(self, form: SetUpForm) -> HttpResponse:
        try:
            code = form.cleaned_data["code"]
            device = devices.attach(self.person, self.key, code, is_first=self.is_half_way)
        except ValidationError as error:
            form.add_error("code", error)
            return self.form_invalid(form)
        self.note(self.person, "Device set up")
        del self.request.session[SETTING_UP]
        if self.is_half_way:
            address = finish(self.request, self.person, device)
        else:
            show_device(self.request, device)
            self.request.session.cycle_key()
            address = reverse("admin:two_factor")
        return self.show_codes(self.person, address)


class Overview(GuardedForm, Step):
    """What somebody's second factor is, and what they can do about it."""

    template_name = "admin/two_factor.html"
    form_class = ConfirmForm
    title = gettext_lazy("Two-factor sign-in")

    def get_form(self, form_class: Any = None) -> ConfirmForm:
        form = super().get_form(form_class)
        if not devices.has_device(self.request.user):
            del form.fields["code"]
        return form

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        user: Any = self.request.user
        return super().get_context_data(
            device=devices.device_of(user),
            codes_left=devices.codes_left(user),
            **kwargs,
        )

    def form_valid(self, form: ConfirmForm) -> HttpResponse:
        user: Any = self.request.user
        named = {"username": user.get_username(), "password": form.cleaned_data["password"]}
        if authenticate(self.request, **named) != user:
            form.add_error("password", _("This is not your password."))
            return self.form_invalid(form)
        if "code" in form.fields:
            try:
                devices.check(self.request, user, form.cleaned_data["code"])
            except ValidationError as error:
                form.add_error("code", error)
                return self.form_invalid(form)
        return self.act(user, self.request.POST.get("act", ""), has_device="code" in form.fields)

    def act(self, user: Any, wish: str, has_device: bool) -> HttpResponse:
        if wish == "set_up":
            self.request.session[SETTING_UP] = {"at": time.time()}
            return redirect("admin:two_factor_set_up")
        if wish == "codes" and has_device:
            return self.show_codes(user, reverse("admin:two_factor"))
        if wish == "remove" and has_device and not settings.OTP_REQUIRED:
            devices.forget(user)
            self.request.session.pop(DEVICE_ID_SESSION_KEY, None)
            messages.success(self.request, _("Your password alone signs you in from now on."))
        return redirect("admin:two_factor")


class TwoFactorSite(AdminSite):
    """A part of the desk: its sign-in, and the pages of the second factor."""

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        if request.method == "GET" and self.has_permission(request):
            return redirect("admin:index")
        context = {
            **self.each_context(request),
            "title": _("Log in"),
            "subtitle": None,
            "app_path": request.get_full_path(),
            "username": request.user.get_username(),
            **(extra_context or {}),
        }
        request.current_app = self.name
        return PasswordStep.as_view(extra_context=context)(request)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        request.current_app = self.name
        context = {**self.each_context(request), **(extra_context or {})}
        return NewPassword.as_view(extra_context=context)(request)

    def get_urls(self) -> list[Any]:
        return [
            path("login/code/", CodeStep.as_view(site=self), name="sign_in_code"),
            path("two-factor/", self.admin_view(Overview.as_view(site=self)), name="two_factor"),
            path("two-factor/set-up/", SetUp.as_view(site=self), name="two_factor_set_up"),
            *super().get_urls(),
        ]
