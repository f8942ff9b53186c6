from django.urls import path

from assessments.views import answers, clauses, periods, submission, surveys

app_name = "assessments"
SURVEY = "surveys/<slug:code>/<slug:period>/"
urlpatterns = [
    path("surveys/<slug:code>/", surveys.surveys, name="surveys"),
    path(SURVEY, surveys.survey, name="survey"),
    path(SURVEY + "start/", surveys.start, name="start"),
    path(SURVEY + "clauses/<slug:number>/", clauses.clause, name="clause"),
    path(SURVEY + "answers/<slug:indicator>/", answers.answer, name="answer"),
    path(SURVEY + "changes/", surveys.changes, name="changes"),
    path(SURVEY + "check/", submission.check, name="check"),
    path(SURVEY + "submit/", submission.submit, name="submit"),
    path(SURVEY + "receipt/", submission.receipt, name="receipt"),
    path("periods/", periods.periods, name="periods"),
    path("periods/<slug:period>/close/", periods.close, name="close"),
    path("periods/<slug:period>/reopen/", periods.reopen, name="reopen"),
]
