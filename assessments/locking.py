"""What of a survey can be written now; and where nothing can: why, who did it, since when, who can open it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from assessments.forms import Question
from assessments.models import Answer, Review, Snapshot, Survey
from facilities.access import units_of
from facilities.models import Facility

CITY_OFFICE = "市局"
BY_THE_CITY = ("county", "district", "city")


class Locked(Exception):
    """The survey, or a row of it, cannot be written; the message says why, who, since when, and who can open it."""


@dataclass(frozen=True)
class Opening:
    """What a return (or the city's opening again) has opened of a survey: its rows, and what mending these has made
    needful since. All other rows stay as they were submitted."""

    review: Review

    def opens(self, question: Question, answer: Answer | None, needed: Collection[str] = ()) -> bool:
        if self.opens_row(question.clause) or question.key in needed:
            return True
        return answer is not None and answer.origin == Answer.ENTERED and answer.at > self.review.at

    def opens_row(self, clause: str) -> bool:
        return clause in self.review.rows

    @property
    def sentence(self) -> str:
        """Said of a row that it does not open."""
        who, verb = self.review.by.display_name, self.review.get_verb_display()
        return (
            f"这一项没有退回，不能改：{moment(self.review.at)}由{who}{verb}时只开放了要修改的事项。"
            f"需要一并修改，请联系{who}。"
        )


def opening_of(survey: Survey) -> Opening | None:
    """None where nothing of it is returned; one query for what is."""
    return openings_of([survey]).get(survey.pk)


def openings_of(surveys: Iterable[Survey]) -> dict[int, Opening]:
    """survey → what of it was opened last; no query where none is returned, else one."""
    returned = [survey.pk for survey in surveys if survey.state == Survey.RETURNED]
    if not returned:
        return {}
    verbs = (Review.RETURNED, Review.REOPENED)
    rows = Review.objects.filter(survey__in=returned, verb__in=verbs).select_related("by").order_by("at", "pk")
    return {review.survey_id: Opening(review) for review in rows}


def held(surveys: Sequence[Survey]) -> list[Survey]:
    """The surveys' rows, locked until the transaction ends; always in the same order, so that two acts at once follow
    one another."""
    rows = Survey.objects.select_for_update(of=("self",)).select_related("facility__division", "period")
    return list(rows.filter(pk__in=[survey.pk for survey in surveys]).order_by("pk"))


def require_writable(survey: Survey) -> None:
    """Raises Locked with the sentence that says why nothing can be written. No query for what is open."""
    if sentence := locked_in_words(survey):
        raise Locked(sentence)


def require_row(survey: Survey, clause: str) -> None:
    """As ``require_writable``, for files of a row. Raises Locked."""
    require_writable(survey)
    opening = opening_of(survey)
    if opening and not opening.opens_row(clause):
        raise Locked(opening.sentence)


def locked_in_words(survey: Survey) -> str:
    """Empty where something of it can be written."""
    if survey.state == Survey.ACCEPTED:
        return _accepted(survey)
    if survey.state == Survey.SUBMITTED:
        return _submitted(survey)
    return closed_in_words(survey) if survey.period.closed_at else ""


def closed_in_words(survey: Survey) -> str:
    period = survey.period
    who = f"系统管理员{period.closed_by.display_name}" if period.closed_by else "系统管理员"
    at = moment(period.closed_at) if period.closed_at else ""
    return f"{period}已关闭，不能再填（{at}由{who}关闭）。需要补填请联系系统管理员重新开放。"


def _submitted(survey: Survey) -> str:
    snapshot = survey.snapshots.filter(kind=Snapshot.SUBMITTED).select_related("by").first()
    done = f"（{moment(snapshot.at)}由{snapshot.by.display_name}提交）" if snapshot else ""
    opened = snapshot.reviews.filter(verb=Review.OPENED).select_related("by").first() if snapshot else None
    if opened is None:
        how = f"审核员打开之前，填报员可以在回执页撤回；打开以后请{reviewing_office(survey)}退回。"
    else:
        how = f"{opened.by.display_name}已在审核，需要修改请联系{opened.by.display_name}退回。"
    return f"这份核查表已提交，不能再改{done}。{how}"


def _accepted(survey: Survey) -> str:
    review = survey.reviews.filter(verb=Review.ACCEPTED).select_related("by").first()
    done = f"（{moment(review.at)}由{review.by.display_name}通过）" if review else ""
    return f"这份核查表已审核通过，不能再改{done}。需要修改，请{CITY_OFFICE}重新打开。"


def reviewing_office(survey: Survey) -> str:
    """Who decides on it, in words: 香洲区审核员, 市局."""
    return reviewing_offices([survey])[survey.pk]


def reviewing_offices(surveys: Collection[Survey]) -> dict[int, str]:
    """survey → who decides on it, in words; of surveys of one quarter. One query at most."""
    others = [survey for survey in surveys if not by_the_city(survey.facility)]
    units = units_of([survey.facility for survey in others], others[0].period.last_day) if others else {}
    named = {s.pk: units[s.facility.code].name if s.facility.code in units else "所属报送单位" for s in others}
    return {survey.pk: f"{named[survey.pk]}审核员" if survey.pk in named else CITY_OFFICE for survey in surveys}


def by_the_city(facility: Facility) -> bool:
    """The county centre and the district's government are surveyed by the district itself, so the city reviews them;
    what the city fills of itself is for another officer of the city."""
    return facility.subject in BY_THE_CITY


def moment(at: datetime) -> str:
    local = timezone.localtime(at)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
