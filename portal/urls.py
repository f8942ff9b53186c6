"""The portal's addresses: its own, then each app's."""

from django.urls import include, path

from portal import accounts, errors
from portal.admin import window
from portal.health import healthz
from portal.help import help_page
from portal.home import home

urlpatterns = [
    path("login/", accounts.Login.as_view(), name="login"),
    path("logout/", accounts.logout, name="logout"),
    path("password/", accounts.password, name="password"),
    path("set-password/<str:token>/", accounts.set_password, name="set_password"),
    path("me/", accounts.me, name="me"),
    path("help/", help_page, name="help"),
    path("admin/", window.urls),
    path("healthz", healthz, name="healthz"),
    path("", home, name="home"),
    path("", include("standards.urls")),
    path("", include("facilities.urls")),
    path("", include("assessments.urls")),
    path("", include("reports.urls")),
]

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.page_not_found
handler500 = errors.server_error
