"""How surveys stand, read from the database: one or a whole town's, in the same few queries."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db.models import F, OuterRef, Subquery

from assessments.adopting import InForce, Standards, in_force_on
from assessments.models import Answer, Determination, Judgement, Survey
from assessments.scoring import Standing, asked_by, stand
from standards.edition import Edition


def standing_of(survey: Survey, standards: Standards = ()) -> Standing:
    """Reads the answers and judges them: four queries at most. What was submitted stays with the editions that judged
    it; a draft's facility has an edition in force, since it could be begun."""
    return standings_of([survey], standards)[survey.pk]


def standings_of(surveys: Sequence[Survey], standards: Standards = ()) -> dict[int, Standing]:
    """survey → how it stands, as ``standing_of``; the queries are the same for one and for many of one quarter."""
    judging = dict.fromkeys((s.pk for s in surveys), standards) if standards else _judging(surveys)
    answers, decided = _answers(surveys), _determined(surveys)
    return {s.pk: stand(s, judging[s.pk], answers[s.pk], decided.get(s.pk, ())) for s in surveys}


def answers_of(survey: Survey) -> dict[str, Answer]:
    return _answers([survey])[survey.pk]


def _answers(surveys: Sequence[Survey]) -> dict[int, dict[str, Answer]]:
    own = {survey.pk: survey for survey in surveys}
    answers: dict[int, dict[str, Answer]] = {survey.pk: {} for survey in surveys}
    for answer in Answer.objects.filter(survey__in=list(own)):
        answer.survey = own[answer.survey_id]
        answers[answer.survey_id][answer.indicator] = answer
    return answers


def determinations_of(survey: Survey) -> list[Determination]:
    """In the order of their making; none, and no query, for what was never submitted."""
    return _determined([survey]).get(survey.pk, [])


def _determined(surveys: Iterable[Survey]) -> dict[int, list[Determination]]:
    sent = [survey.pk for survey in surveys if survey.state != Survey.DRAFT]
    if not sent:
        return {}
    made: dict[int, list[Determination]] = {}
    found = Determination.objects.filter(survey__in=sent).select_related("requirement", "by")
    for determination in found.order_by("at", "pk"):
        made.setdefault(determination.survey_id, []).append(determination)
    return made


def edition_judging(survey: Survey) -> Edition:
    """All editions that judge the survey, bound into one."""
    return asked_by(standards_of(survey), survey.facility.subject).edition


def standards_of(survey: Survey) -> Standards:
    """What was submitted once stays with the editions that judged it, also when it is returned."""
    return _judging([survey])[survey.pk]


def _judging(surveys: Sequence[Survey]) -> dict[int, Standards]:
    judged = _that_judged(surveys)
    fresh = [survey for survey in surveys if survey.pk not in judged]
    in_force: dict[int, InForce] = {}
    for survey in fresh:
        if survey.period_id not in in_force:
            in_force[survey.period_id] = in_force_on(survey.period.last_day)
        judged[survey.pk] = in_force[survey.period_id].of(survey.facility)
    return judged


def _that_judged(surveys: Iterable[Survey]) -> dict[int, Standards]:
    sent = [survey.pk for survey in surveys if survey.state != Survey.DRAFT]
    if not sent:
        return {}
    newest = Judgement.objects.filter(survey=OuterRef("survey")).order_by("-snapshot__number").values("snapshot")[:1]
    found = Judgement.objects.filter(survey__in=sent).annotate(newest=Subquery(newest)).filter(snapshot=F("newest"))
    judged: dict[int, Standards] = {}
    for judgement in found.select_related("standard").defer("content").order_by("beside", "pk"):
        judged[judgement.survey_id] = (*judged.get(judgement.survey_id, ()), judgement.standard)
    return judged
