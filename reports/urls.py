from django.urls import path

from reports import views

app_name = "reports"
SURVEY = "surveys/<slug:code>/<slug:period>/"
urlpatterns = [
    path(SURVEY + "result/", views.result, name="result"),
    path(SURVEY + "report.pdf", views.report_pdf, name="pdf"),
    path(SURVEY + "report.json", views.report_json, name="json"),
]
