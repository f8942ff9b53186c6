"""The demonstration of the quarterly returns, of a bulletin and an appraisal: every unit's return of the past quarters,
of the last one on time, late, returned, waiting and missing. By the officers' own verbs, under a clock around the due
day."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta

from django.db import transaction

from assessments.deadlines import Due, due_of
from assessments.demo.city import PAST, quarters_of
from assessments.demo.clock import clock
from assessments.models import Period
from assessments.periods import period_of
from facilities.models import Officer, ReportingUnit
from reports.appraisals import workflow as appraisals
from reports.bulletins import workflow as bulletins
from reports.models import Appraisal, Bulletin, CriticismDecision, QuarterlyReturn
from reports.returns import workflow

ON_TIME, LATE, RETURNED, WAITING, MISSING = "on_time", "late", "returned", "waiting", "missing"
LAST = {"440403": LATE, "440404": RETURNED, "Z01": WAITING, "Z03": MISSING}  # of the last past quarter
BEFORE = {"440403": LATE}  # of those before it
TEXTS = {
    "problems": "部分服务站场所面积不足，个别街道（镇）专职人员未配齐。（演示数据）",
    "next_steps": "督促未达标的所、站制定整改计划，下季度末前完成场所调整和人员补充。（演示数据）",
    "filler": "演示填报人",
    "checker": "演示审核人",
    "head": "演示负责人",
    "phone": "",
}
DEMANDS = "请各区对照判定明细逐家整改，于下季度末前报送整改情况。（演示数据）"
DECIDED = {
    CriticismDecision.CRITICISE: "多次提醒后仍未按时报送。（演示数据）",
    CriticismDecision.SPARE: "新站较多，已排定建设计划。（演示数据）",
}
APPRAISED_AFTER = timedelta(days=20)
ADJUSTED = ("440402", "1", "承办全市基层平台建设现场会（演示数据）")
WHY = "服务站的人员数与上季相差较大，请核对后重新报送。"


def report_city(day: date) -> Iterator[str]:
    """A sentence for each past quarter. Returns that are there already stay as they are."""
    reviewers, city = _officers()
    for number, key in enumerate(quarters_of(day)[:PAST]):
        period = period_of(*key)
        plan = LAST if number == PAST - 1 else BEFORE
        new = [unit for unit in _without_return(period) if unit.code in reviewers and city is not None]
        for unit in new:
            _report(unit, period, plan.get(unit.code, ON_TIME), reviewers[unit.code], city)
        yield f"{period}：季报 {QuarterlyReturn.objects.filter(period=period).count()} 份"
        if city is not None and number == PAST - 2:
            yield _issue(period, city)


def appraise_city(day: date) -> Iterator[str]:
    """考核 of the newest year of which a past quarter is well over: what can be computed, published once."""
    city = _officers()[1]
    past = [due_of(period_of(*key)) for key in quarters_of(day)[:PAST]]
    over = [due for due in past if due.day + APPRAISED_AFTER < day]
    if city is None or not over:
        return
    year = max(key[0] for key, due in zip(quarters_of(day), past, strict=False) if due in over)
    found = Appraisal.objects.filter(year=year).first()
    if found is None:
        with clock(over[-1].moment + APPRAISED_AFTER):
            appraisals.begin(year, city)
            appraisals.adjust(year, city, *ADJUSTED)
            draft = Appraisal.objects.get(year=year)
            seen = appraisals.mark_of(appraisals.draft_content(draft))
            found = appraisals.publish(year, city, seen)
    yield f"{year}年：考核 {found.numbered}"


def _issue(period: Period, city: Officer) -> str:
    """通报 of the quarter before the last past one: its first candidate is criticised, the others are not."""
    found = period.bulletins.first()
    if found is None:
        with clock(due_of(period).moment + timedelta(days=12, hours=10)):
            found = bulletins.begin(period, city)
            texts = {name: getattr(found, name) for name in bulletins.TEXTS} | {"demands": DEMANDS}
            found = bulletins.write(found, city, texts, found.revision)
            _decide(found, city)
            found = bulletins.publish(found, city)
    return f"{period}：通报 {found.numbered}"


def _decide(bulletin: Bulletin, city: Officer) -> None:
    for number, each in enumerate(bulletins.draft_content(bulletin)["candidates"]):
        decision = CriticismDecision.SPARE if number else CriticismDecision.CRITICISE
        bulletins.decide(bulletin, city, each["code"], decision, DECIDED[decision])


def _officers() -> tuple[Mapping[str, Officer], Officer | None]:
    """Unit code → its demo reviewer, and the city's officer."""
    reviewers = Officer.objects.filter(is_demo=True, role=Officer.REVIEWER).select_related("unit")
    city = Officer.objects.filter(is_demo=True, role=Officer.CITY).first()
    return {officer.unit.code: officer for officer in reviewers if officer.unit}, city


def _without_return(period: Period) -> list[ReportingUnit]:
    return list(ReportingUnit.objects.exclude(returns__period=period).filter(dues__period=period))


@transaction.atomic
def _report(unit: ReportingUnit, period: Period, how: str, reviewer: Officer, city: Officer | None) -> None:
    if how == MISSING or city is None:
        return
    due = due_of(period)
    sent = _moment(due, how)
    with clock(sent):
        report = workflow.begin(unit, period, reviewer)
        report = workflow.write(report, reviewer, TEXTS, report.revision)
        workflow.submit(report, reviewer)
    with clock(sent + timedelta(days=1, hours=2)):
        if how == RETURNED:
            workflow.send_back(report, city, WHY)
        elif how != WAITING:
            workflow.receive(report, city)


def _moment(due: Due, how: str) -> datetime:
    return due.moment + timedelta(days=2, hours=10) if how == LATE else due.moment - timedelta(hours=9)
