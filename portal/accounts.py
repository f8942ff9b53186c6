"""Log-in, log-out, passwords, and the page of one's own account."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout as log_out
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm, SetPasswordForm
from django.contrib.auth.views import LoginView, LogoutView
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from facilities import links
from facilities.models import Officer
from portal.demo import trial_accounts
from portal.kept import kept_fields, kept_path


def address(request: HttpRequest) -> str:
    """The client's address. Behind our one proxy it is the last that the proxy saw; what a client claims is ignored."""
    if settings.BEHIND_PROXY and (seen := request.META.get("HTTP_X_FORWARDED_FOR")):
        return str(seen).rsplit(",", 1)[-1].strip()
    return str(request.META.get("REMOTE_ADDR", ""))


LONGEST_USERNAME = 150


class LoginForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "用户名或密码不对，请核对后重新输入。密码区分大小写，连续输错 5 次将锁定 15 分钟。",
        "inactive": "用户名或密码不对，请核对后重新输入。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, {"username": "用户名", "password": "密码"})

    def clean_username(self) -> str:
        """Django only tells the browser how long a name may be; the record of failures has no room for more."""
        username = str(self.cleaned_data["username"])
        if len(username) > LONGEST_USERNAME:
            raise self.get_invalid_login_error()
        return username


@method_decorator(login_not_required, name="dispatch")
class Login(LoginView):
    template_name = "registration/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Log in; where a page was sent after the session ended, offer to send it again."""
        response = super().form_valid(form)
        fields = kept_fields(self.request.POST)
        if not fields:
            return response
        return render(self.request, "registration/resume.html", {"path": kept_path(self.request), "fields": fields})

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        kept = {"kept": kept_fields(self.request.POST), "kept_path": kept_path(self.request)}
        expired = "expired" in self.request.GET or bool(kept["kept"])
        return super().get_context_data(expired=expired, **kept, **trial_accounts(), **kwargs)


logout = login_not_required(LogoutView.as_view())


@sensitive_post_parameters()
def password(request: HttpRequest) -> HttpResponse:
    """Change one's own password; other sessions of the officer end."""
    assert isinstance(request.user, Officer)  # noqa: S101
    form = PasswordForm(request.user, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "too_old": is_too_old(request.user)}
        return render(request, "registration/password.html", context, status=422 if form.errors else 200)
    officer = form.save()
    update_session_auth_hash(request, officer)
    messages.success(request, "密码已修改。其他地方的登录已退出。")
    return redirect("me")


@login_not_required
@sensitive_post_parameters()
@sensitive_variables("token")
@require_http_methods(["GET", "HEAD", "POST"])
def set_password(request: HttpRequest, token: str) -> HttpResponse:
    """With a one-time link, without a log-in. What works no longer is told alike, whatever the reason."""
    officer = links.officer_of(token)
    if officer is None:
        return _link_ended(request)
    form = NewPasswordForm(officer, request.POST or None)
    if not form.is_valid():
        context = {"form": form, "officer": officer}
        return render(request, "registration/set_password.html", context, status=422 if form.errors else 200)
    if not links.use(token, form.cleaned_data["new_password1"]):
        return _link_ended(request)
    log_out(request)  # whoever was logged in in this browser
    messages.success(request, "密码已设好，请用它登录。")
    return redirect("login")


def _link_ended(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/link_ended.html", status=410)


class NewPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # generic in the stubs only
    error_messages = {"password_mismatch": "两次输入的新密码不一样，请重新输入。"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        dress(self, {"new_password1": "新密码", "new_password2": "新密码（再输一遍）"})


class PasswordForm(PasswordChangeForm):
    error_messages = {
        **PasswordChangeForm.error_messages,
        "password_incorrect": "现在的密码不对，请重新输入。",
        "password_mismatch": "两次输入的新密码不一样，请重新输入。",
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {"old_password": "现在的密码", "new_password1": "新密码", "new_password2": "新密码（再输一遍）"}
        dress(self, labels)

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        if given.get("new_password1") and given["new_password1"] == given.get("old_password"):
            self.add_error("new_password1", "新密码和现在的一样，请换一个。")
        return given

    def save(self, commit: bool = True) -> Officer:
        self.user.password_set_at = timezone.now()
        self.user.must_change_password = False
        officer: Officer = super().save(commit)
        return officer


def dress(form: Form, labels: dict[str, str]) -> None:
    """Our words and our look on a form of Django's."""
    for name, label in labels.items():
        field = form.fields[name]
        field.label = label
        field.help_text = ""
        field.error_messages["required"] = f"请输入{label}。"
        field.widget.attrs["class"] = "form-control"


def is_too_old(officer: Officer) -> bool:
    """Whether the password must be changed now: set by another's hand, or too old (PASSWORD_MAX_AGE_DAYS)."""
    if officer.must_change_password:
        return True
    days = settings.PASSWORD_MAX_AGE_DAYS
    if not days:
        return False
    return officer.password_set_at is None or (timezone.now() - officer.password_set_at).days >= days


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    return render(request, "registration/me.html")
