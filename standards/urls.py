"""The text, to browse: standards as printed, each row and each requirement, and how doubtful words are read."""

from datetime import date

from django.urls import path, register_converter

from standards import views


class IsoDate:
    """An edition's effective date in an address: 2016-01-01."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date | str) -> str:
        return str(value)


register_converter(IsoDate, "isodate")

app_name = "standards"
edition = "standards/<slug:key>/<isodate:effective>/"
urlpatterns = [
    path("standards/", views.standards, name="standards"),
    path(edition, views.standard, name="standard"),
    path(edition + "requirements/<str:requirement>/", views.requirement, name="requirement"),
    path(edition + "<str:number>/", views.clause, name="clause"),
    path("interpretations/", views.interpretations, name="interpretations"),
]
