from django.urls import path

from reports import exports, views
from reports.appraisals import views as appraisals
from reports.bulletins import views as bulletins
from reports.comparisons import views as comparisons
from reports.dashboards.views import behind, dashboard
from reports.jobs import views as jobs
from reports.milestones import views as milestones
from reports.returns.views import acts, city, files, lists, pages, verify
from reports.subsidies import views as subsidies

app_name = "reports"
SURVEY = "surveys/<slug:code>/<slug:period>/"
APPRAISAL = "appraisals/<int:year>/"
RETURN, CITY = "returns/<slug:unit>/<slug:period>/", "city-report/<slug:period>/"
urlpatterns = [
    path(SURVEY + "result/", views.result, name="result"),
    path(SURVEY + "report.pdf", views.report_pdf, name="pdf"),
    path(SURVEY + "report.xlsx", views.report_xlsx, name="xlsx"),
    path(SURVEY + "checklist.pdf", views.checklist_pdf, name="checklist"),
    path("units/<slug:unit>/<slug:period>/results.xlsx", exports.unit_xlsx, name="unit_xlsx"),
    path(SURVEY + "report.json", views.report_json, name="json"),
    path("workbooks/template.xlsx", exports.template, name="template"),
    path("jobs/", jobs.jobs, name="jobs"),
    path("jobs/<uuid:pk>/", jobs.job, name="job"),
    path("jobs/<uuid:pk>/cancel/", jobs.job_cancel, name="job_cancel"),
    path("jobs/<uuid:pk>/result/", jobs.job_result, name="job_result"),
    path("returns/", lists.returns, name="returns"),
    path(RETURN, pages.report, name="return"),
    path(RETURN + "start/", acts.start, name="return_start"),
    path(RETURN + "edit/", acts.edit, name="return_edit"),
    path(RETURN + "submit/", acts.submit, name="return_submit"),
    path(RETURN + "receive/", acts.receive, name="return_receive"),
    path(RETURN + "send-back/", acts.send_back, name="return_send_back"),
    path(RETURN + "correct/", acts.correct, name="return_correct"),
    path(RETURN + "figures/<slug:figure>/", pages.figure, name="return_figure"),
    path(RETURN + "return.pdf", files.file, {"format": "pdf"}, name="return_pdf"),
    path(RETURN + "return.xlsx", files.file, {"format": "xlsx"}, name="return_xlsx"),
    path(RETURN + "return.json", files.file, {"format": "json"}, name="return_json"),
    path(CITY, city.report, name="city_report"),
    path(CITY + "figures/<slug:figure>/", city.figure, name="city_figure"),
    path(CITY + "report.pdf", city.file, {"format": "pdf"}, name="city_pdf"),
    path(CITY + "report.xlsx", city.file, {"format": "xlsx"}, name="city_xlsx"),
    path(CITY + "report.json", city.file, {"format": "json"}, name="city_json"),
    path("bulletins/", bulletins.bulletins, name="bulletins"),
    path("bulletins/start/", bulletins.start, name="bulletin_start"),
    path("bulletins/<int:bulletin>/", bulletins.bulletin, name="bulletin"),
    path("bulletins/<int:bulletin>/edit/", bulletins.edit, name="bulletin_edit"),
    path("bulletins/<int:bulletin>/decide/", bulletins.decide, name="bulletin_decide"),
    path("bulletins/<int:bulletin>/publish/", bulletins.publish, name="bulletin_publish"),
    path("bulletins/<int:bulletin>/bulletin.pdf", bulletins.pdf, name="bulletin_pdf"),
    path("appraisals/", appraisals.appraisals, name="appraisals"),
    path("appraisals/start/", appraisals.start, name="appraisal_start"),
    path(APPRAISAL, appraisals.appraisal, name="appraisal"),
    path(APPRAISAL + "publish/", appraisals.publish, name="appraisal_publish"),
    path(APPRAISAL + "appraisal.pdf", appraisals.file, {"format": "pdf"}, name="appraisal_pdf"),
    path(APPRAISAL + "appraisal.xlsx", appraisals.file, {"format": "xlsx"}, name="appraisal_xlsx"),
    path(APPRAISAL + "units/<slug:unit>/", appraisals.unit, name="appraisal_unit"),
    path(APPRAISAL + "units/<slug:unit>/adjust/", appraisals.adjust, name="appraisal_adjust"),
    path(APPRAISAL + "units/<slug:unit>/take-back/", appraisals.take_back, name="appraisal_take_back"),
    path("milestones/", milestones.milestones, name="milestones"),
    path("milestones/facilities/", milestones.facilities, name="milestone_facilities"),
    path("subsidies/", subsidies.own, name="subsidies"),
    path("subsidies/<slug:span>/", subsidies.city, name="subsidy_city"),
    path("subsidies/<slug:span>/<slug:unit>/", subsidies.unit, name="subsidy_unit"),
    path("subsidies/<slug:span>/<slug:unit>/<slug:town>/", subsidies.town, name="subsidy_town"),
    path("facilities/<slug:code>/subsidies/", subsidies.now, name="subsidy_now"),
    path("facilities/<slug:code>/subsidies/<slug:span>/", subsidies.station, name="subsidy_station"),
    path("facilities/<slug:code>/subsidies/<slug:span>/paid/", subsidies.paid, name="subsidy_paid"),
    path("verify/", verify.ask, name="verify"),
    path("verify/<slug:code>/", verify.answer, name="verified"),
    path("comparisons/", comparisons.comparison, name="comparison"),
    path("comparisons/<slug:unit>/", comparisons.comparison, name="comparison_unit"),
    path("comparisons/<slug:unit>/<slug:town>/", comparisons.comparison, name="comparison_town"),
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/facilities/", behind, name="behind"),
    path("dashboard/<slug:unit>/", dashboard, name="dashboard_unit"),
    path("dashboard/<slug:unit>/facilities/", behind, name="behind_unit"),
    path("dashboard/<slug:unit>/<slug:town>/", dashboard, name="dashboard_town"),
    path("dashboard/<slug:unit>/<slug:town>/facilities/", behind, name="behind_town"),
]
