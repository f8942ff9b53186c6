"""What a reviewer does, in a line each."""

from assessments import reviewing
from assessments.models import Survey
from assessments.standings import standing_of


def fresh(survey):
    return Survey.objects.select_related("facility__division", "period").get(pk=survey.pk)


def decide_all(survey, who):
    for key in reviewing.undecided(standing_of(fresh(survey))):
        reviewing.determine(fresh(survey), who, key, "accepted", "已看过佐证，同意")


def returned(survey, who, rows=("town.7",)):
    return reviewing.send_back(fresh(survey), who, list(rows), "wrong", "请核对台数")


def accepted(survey, who):
    decide_all(survey, who)
    return reviewing.accept(fresh(survey), who)
