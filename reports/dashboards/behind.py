"""The facilities behind a number: those that are due in an area, narrowed by how they stand or by what they lack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models import Count as Counting
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Cast
from django.urls import reverse

from assessments.models import DueSurvey, Finding, Survey
from assessments.summaries.counting import GOOD_GRADES, LACKING, NOT_JUDGED, REACHED
from assessments.timeliness import LATE, ON_TIME, VOID
from facilities.access import blind
from facilities.models import Officer
from reports.dashboards.asked import Asked
from reports.dashboards.figures import amount
from reports.dashboards.gaps import WORDS
from reports.dashboards.places import Place
from standards.edition import Clause, Edition
from standards.loading import edition_of
from standards.models import Clause as ClauseRow
from standards.models import Requirement
from standards.outcomes import GRADES, OUTCOMES

PER_PAGE = 50
SHOWS = {
    "due": ("应报", Q()),
    "todo": ("未开始", Q(state="")),
    "draft": ("填写中", Q(state=Survey.DRAFT)),
    "submitted": ("待审核", Q(state=Survey.SUBMITTED)),
    "returned": ("已退回", Q(state=Survey.RETURNED)),
    "accepted": ("已通过", Q(state=Survey.ACCEPTED)),
    "on_time": ("按时报送", Q(timeliness=ON_TIME)),
    "void": ("按时报送，现已退回", Q(timeliness=VOID)),
    "late": ("逾期报送", Q(timeliness=LATE)),
    "missing": ("还没有报", ~Q(timeliness__in=(ON_TIME, VOID, LATE))),
}
REACHES = {"no": "未达标", "yes": "达标", "na": "不适用", "all": "全部"}
STATES = {"": "未开始", **Survey.STATES}
STATES[Survey.SUBMITTED] = "待审核"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to; at most one of the four."""

    show: str = ""
    grade: str = ""
    clause: Clause | None = None
    requirement: str = ""
    item: str = ""
    reach: str = "no"
    edition: Edition | None = None
    label: str = ""  # of the requirement or the item

    @property
    def address(self) -> dict[str, str]:
        told = {"show": self.show, "grade": self.grade, "requirement": self.requirement, "item": self.item}
        if self.clause:
            told |= {"clause": self.clause.key, "reach": self.reach}
        return {key: value for key, value in told.items() if value}

    @property
    def law_url(self) -> str:
        if self.edition is None or (self.clause is None and not self.requirement):
            return ""
        where = [self.edition.key, self.edition.effective]
        if self.clause:
            return reverse("standards:clause", args=[*where, self.clause.number])
        return reverse("standards:requirement", args=[*where, self.requirement])

    @property
    def said(self) -> str:
        if self.clause:
            return f"第{self.clause.number}项 {self.clause.title}：{REACHES[self.reach]}"
        if self.requirement or self.item:
            return f"{self.label}：不足、不全或没有"
        if self.grade:
            return "达标与基本达标" if self.grade == "good" else self.grade
        return SHOWS[self.show or "due"][0]


@dataclass(frozen=True, slots=True)
class Found:
    """What is wanting: the sentence's label, its outcome, and by how much."""

    label: str
    outcome: str
    short: str
    url: str

    @property
    def word(self) -> str:
        return OUTCOMES[self.outcome]


@dataclass(frozen=True, slots=True)
class Line:
    due: DueSurvey
    url: str
    unit: str
    town: str
    found: tuple[Found, ...]

    @property
    def state(self) -> str:
        return STATES.get(self.due.state, self.due.state)

    @property
    def grade(self) -> str:
        return self.due.counted.grade if self.due.counted else ""

    @property
    def score(self) -> Decimal | None:
        return self.due.counted.score if self.due.counted else None


@dataclass(frozen=True)
class Behind:
    place: Place
    asked: Asked
    wanted: Wanted
    page: Page[DueSurvey]
    lines: list[Line]
    reaches: list[tuple[str, int, str, bool]] = field(default_factory=list)  # word, how many, address, current

    @property
    def total(self) -> int:
        return self.page.paginator.count

    def address(self, **more: str | int) -> str:
        return self.asked.address(order="", **(self.wanted.address | more))

    @property
    def csv(self) -> str:
        return self.address(page="", format="csv")

    @property
    def xlsx(self) -> str:
        return self.address(page="", format="xlsx")

    @property
    def earlier(self) -> str:
        return self.address(page=self.page.previous_page_number()) if self.page.has_previous() else ""

    @property
    def later(self) -> str:
        return self.address(page=self.page.next_page_number()) if self.page.has_next() else ""


def behind_of(officer: Officer, place: Place, asked: Asked, get: Mapping[str, str], whole: bool = False) -> Behind:
    """``whole``: every line, for a file; what the officer inspects is left out. A handful of queries, however many."""
    wanted = wanted_of(asked, get)
    due = due_in(place, asked).exclude(blind(officer, "facility"))
    reaches = _reaches(due, place, asked, wanted) if wanted.clause else []
    found = narrowed(due, wanted)
    related = found.select_related("facility__division__parent", "unit", "counted").defer("counted__content")
    ordered = related.order_by("facility__code")
    paginator = Paginator(ordered, max(ordered.count(), 1) if whole else PER_PAGE)
    page = paginator.get_page(asked.page)
    return Behind(place, asked, wanted, page, list(_lines(page.object_list, asked, wanted)), reaches)


def wanted_of(asked: Asked, get: Mapping[str, str]) -> Wanted:
    clause, requirement, item = get.get("clause", ""), get.get("requirement", ""), get.get("item", "")
    if clause:
        row = ClauseRow.objects.filter(key=clause, standard__effective__lte=asked.period.last_day)
        return _of_clause(row.select_related("standard__file").order_by("-standard__effective").first(), get)
    if requirement or item:
        named = {"key": requirement} if requirement else {"gap": item}
        rows = Requirement.objects.filter(standard__effective__lte=asked.period.last_day, **named)
        return _of_requirement(rows.select_related("standard__file").order_by("-standard__effective").first(), item)
    grade, show = get.get("grade", ""), get.get("show", "")
    if grade in (*GRADES, "good"):
        return Wanted(grade=grade)
    return Wanted(show=show if show in SHOWS else "due")


def _of_clause(row: ClauseRow | None, get: Mapping[str, str]) -> Wanted:
    if row is None:
        return Wanted(show="due")
    edition, reach = edition_of(row.standard), get.get("reach", "no")
    return Wanted(clause=edition.clause_by_key[row.key], edition=edition, reach=reach if reach in REACHES else "no")


def _of_requirement(row: Requirement | None, item: str) -> Wanted:
    if row is None:
        return Wanted(show="due")
    if item:
        return Wanted(item=item, label=WORDS.get(item, row.label))
    return Wanted(requirement=row.key, edition=edition_of(row.standard), label=row.label)


def due_in(place: Place, asked: Asked) -> QuerySet[DueSurvey]:
    found = DueSurvey.objects.filter(period=asked.period)
    if asked.subject:
        found = found.filter(subject=asked.subject)
    if place.parent:
        return found.filter(unit__code=place.parent, town=place.code)
    return found.filter(unit__code=place.code) if place.code else found


def narrowed(due: QuerySet[DueSurvey], wanted: Wanted) -> QuerySet[DueSurvey]:
    if wanted.clause:
        judged = _with_outcome(due, wanted.clause)
        return judged.filter(_reaching(wanted.reach))
    if wanted.requirement or wanted.item:
        return due.filter(Exists(_findings(wanted).filter(judgement=OuterRef("counted"))))
    if wanted.grade:
        return due.filter(counted__grade__in=GOOD_GRADES if wanted.grade == "good" else [wanted.grade])
    return due.filter(SHOWS[wanted.show or "due"][1])


def _with_outcome(due: QuerySet[DueSurvey], clause: Clause) -> QuerySet[DueSurvey]:
    outcome = KeyTextTransform("0", KeyTransform(clause.key, KeyTransform("clauses", "counted__content")))
    return due.exclude(counted=None).annotate(reached_as=Cast(outcome, CharField()))


def _reaching(reach: str) -> Q:
    if reach == "yes":
        return Q(reached_as__in=REACHED)
    if reach == "na":
        return Q(reached_as__in=NOT_JUDGED)
    if reach == "all":
        return Q(reached_as__isnull=False)
    return Q(reached_as__isnull=False) & ~Q(reached_as__in=(*REACHED, *NOT_JUDGED))


def _findings(wanted: Wanted) -> QuerySet[Finding]:
    """Those that say what the list is about."""
    if wanted.clause:
        return Finding.objects.filter(requirement__clause__key=wanted.clause.key)
    named = {"requirement__key": wanted.requirement} if wanted.requirement else {"requirement__gap": wanted.item}
    return Finding.objects.filter(outcome__in=LACKING, requirement__force__in=("mandatory", "norm"), **named)


def _reaches(due: QuerySet[DueSurvey], place: Place, asked: Asked, wanted: Wanted) -> list[tuple[str, int, str, bool]]:
    """How many reach the row, and do not: one query."""
    assert wanted.clause  # noqa: S101 - narrows the type
    judged = _with_outcome(due, wanted.clause).order_by()
    counts = judged.aggregate(**{reach: Counting("pk", filter=_reaching(reach)) for reach in REACHES})
    return [
        (
            word,
            counts[reach],
            place.list_url + asked.address(page="", order="", clause=wanted.clause.key, reach=reach),
            reach == wanted.reach,
        )
        for reach, word in REACHES.items()
        if counts[reach] or reach in ("no", "yes")
    ]


def _lines(page: Any, asked: Asked, wanted: Wanted) -> Iterator[Line]:
    dues = list(page)
    found = _found(dues, asked, wanted) if wanted.clause or wanted.requirement or wanted.item else {}
    for due in dues:
        code = due.facility.code
        view = ("reports:result", [code, asked.period.key]) if due.counted_id else ("facilities:facility", [code])
        url = reverse(view[0], args=view[1])
        division = due.facility.division
        parent = division.parent if due.subject == "village" else division if due.subject == "township" else None
        yield Line(due, url, due.unit.name if due.unit else "", parent.name if parent else "", found.get(due.pk, ()))


def _found(dues: list[DueSurvey], asked: Asked, wanted: Wanted) -> dict[int, tuple[Found, ...]]:
    """What the lines' judgements say of it: one query."""
    owner = {due.counted_id: due for due in dues if due.counted_id}
    told: dict[int, list[Found]] = {}
    findings = _findings(wanted).filter(judgement__in=list(owner)).select_related("requirement__standard")
    for each in findings.order_by("requirement__position"):
        due = owner[each.judgement_id]
        standard = each.requirement.standard
        law = reverse("standards:requirement", args=[standard.key, standard.effective, each.requirement.key])
        short = f"差 {amount(each.shortfall)}" if each.shortfall and each.outcome in LACKING else ""
        told.setdefault(due.pk, []).append(Found(each.requirement.label, each.outcome, short, law))
    return {pk: tuple(found) for pk, found in told.items()}
