"""The portal's addresses: its own, then each app's."""

from contextlib import suppress

from django.urls import URLPattern, URLResolver, include, path

from portal import accounts, errors
from portal.health import healthz
from portal.help import help_page

urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", accounts.Login.as_view(), name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("password/", accounts.password, name="password"),
    path("me/", accounts.me, name="me"),
    path("help/", help_page, name="help"),
    path("healthz", healthz, name="healthz"),
]
with suppress(ImportError):  # interim
    from portal.home import home

    urlpatterns.append(path("", home, name="home"))
for app in ("standards", "facilities", "assessments", "reports"):  # interim: each as soon as it stands
    with suppress(ImportError, AttributeError):
        urlpatterns.append(path("", include(f"{app}.urls")))

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
