"""整改: open → in hand → evidence in → verified → closed, each verb one transaction with the item's row locked.

The office that reviews a facility's surveys opens, verifies and closes; who surveys the facility mends. Verified and
closed is only what passes when the snapshot's facts, with the new ones over them, are judged again by the edition that
found it. The snapshot never changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from assessments.beginning import require_surveyor
from assessments.deadlines import calendar_between
from assessments.earlier import valid
from assessments.locking import CITY_OFFICE, by_the_city
from assessments.locking import held as survey_held
from assessments.mended import Mended, mended_of
from assessments.models import Rectification, RectificationAct, Snapshot, SpotCheck, Survey
from assessments.refusals import Overtaken, Refused
from assessments.rejudging import facts_in, stated_in
from assessments.reviewers import may_review
from facilities.access import today, unit_of, visible_to
from facilities.models import Facility, Officer
from standards.loading import edition_of
from standards.models import Requirement, Standard
from standards.outcomes import Judgement, Result
from standards.parsing import shown_characters
from standards.wording import sentence

PROPOSED_DAYS, LONGEST_DAYS = 10, 60  # working days
MENDABLE = ("fail", "deviation", "missing")
LONGEST_TEXT, LONGEST_RESPONSIBLE = 300, 100
ITEM = Rectification
MENDING = (RectificationAct.TAKEN, RectificationAct.EVIDENCE)


def rectifications_visible_to(officer: Officer) -> QuerySet[Rectification]:
    return Rectification.objects.filter(facility__in=visible_to(officer))


def require_office(officer: Officer, facility: Facility) -> None:
    if not may_review(officer, facility):
        office = CITY_OFFICE if by_the_city(facility) else "所属报送单位的审核员"
        raise PermissionDenied(f"整改由{office}提出、核实和销号，您可以查看。")


# ── Findings ──────────────────────────────────────────────────────────────────


def finding_snapshot(survey: Survey) -> Snapshot:
    """The newest snapshot of a survey that stands. Raises Overtaken where it does not stand."""
    newest = valid(survey.snapshots.all()).order_by("-number").first()
    if survey.state not in (Survey.SUBMITTED, Survey.ACCEPTED) or newest is None:
        raise Overtaken(f"只能对已提交或已通过的核查表提出整改，这份现在是“{survey.get_state_display()}”。")
    return newest


@dataclass(frozen=True)
class Source:
    """Where findings come from: a report, or a spot check of it (``check``). ``answers`` are those that were judged,
    ``results`` what of them is to be mended, by requirement, in the order of the schedule. ``standards`` are all that
    judged them, the one asked for among them."""

    snapshot: Snapshot
    standard: Standard
    answers: Mapping[str, Mapping[str, Any]]
    results: Mapping[str, Result]
    check: SpotCheck | None = None
    standards: tuple[Standard, ...] = ()

    @property
    def facility(self) -> Facility:
        return self.snapshot.survey.facility

    def told(self, key: str) -> Any:
        """The sentence of one requirement, with its gap."""
        edition = edition_of(self.standard)
        facts, stated = facts_in(edition, self.answers), stated_in(self.answers)
        return sentence(edition, edition.by_key[key], self.results[key], facts, stated)


def source_of(survey: Survey, standard: str = "") -> Source:
    """The newest snapshot that stands, as the standard of that key judged it, else the first. Two queries, and that of
    the snapshot. Raises Overtaken."""
    snapshot = finding_snapshot(survey)
    snapshot.survey = survey
    judged = list(snapshot.judgements.select_related("standard").order_by("beside", "pk"))
    one = next((each for each in judged if each.standard.key == standard), judged[0])
    answers, standards = snapshot.content["answers"], tuple(each.standard for each in judged)
    return Source(snapshot, one.standard, answers, mendable(one.content), standards=standards)


def mendable(judged: Mapping[str, Any]) -> dict[str, Result]:
    """``judged``: a judgement in JSON form."""
    results = Judgement.from_json(judged).results
    return {key: each for key, each in results.items() if each.outcome in MENDABLE and not each.accepted}


# ── Verbs ─────────────────────────────────────────────────────────────────────


@transaction.atomic
def open_all(
    survey: Survey,
    officer: Officer,
    keys: Sequence[str],
    responsible: str,
    days: str,
    text: str = "",
    standard: str = "",
) -> list[Rectification]:
    """One item for each finding of ``keys``, as ``standard`` judged. Raises Refused, Overtaken, PermissionDenied."""
    require_office(officer, survey.facility)
    return open_from(source_of(survey_held([survey])[0], standard), officer, keys, responsible, days, text)


def open_from(
    source: Source, officer: Officer, keys: Sequence[str], responsible: str, days: str, text: str = ""
) -> list[Rectification]:
    """As ``open_all``, within the caller's transaction; the caller has seen to who may."""
    _require_among(source, keys)
    whose = _said("responsible", responsible, "请写明由谁负责整改。", LONGEST_RESPONSIBLE)
    due, words = due_in(days), _said("text", text) if text.strip() else ""
    rows = {row.key: row for row in Requirement.objects.filter(standard=source.standard, key__in=keys)}
    _none_open(source.facility, rows)
    unit = unit_of(source.facility)
    if unit is None:
        raise Refused("rows", "这家机构现在没有报送单位，请先由市局登记归属。")
    shared = {"unit": unit, "snapshot": source.snapshot, "responsible": whose, "due": due, "spot_check": source.check}
    shared |= {"facility": source.facility, "is_demo": source.snapshot.survey.is_demo}
    earlier = _closed_before(source.facility, list(rows.values()))
    try:
        with transaction.atomic():
            items = [
                Rectification.objects.create(
                    requirement=rows[key], found=_found(source, key), earlier=earlier.get(key), **shared
                )
                for key in source.results
                if key in rows
            ]
    except IntegrityError:
        raise Overtaken("没有提出：勾选的要求刚有人提出过整改。请刷新本页。") from None
    for item in items:
        _record(item, RectificationAct.OPENED, officer, text=words)
    return items


def _require_among(source: Source, keys: Sequence[str]) -> None:
    if not keys:
        raise Refused("rows", "请勾选要整改的要求。")
    if set(keys) - set(source.results):
        raise Refused("rows", "勾选的要求里有不需要整改的，请刷新本页后再选。")


@transaction.atomic
def take(item: Rectification, officer: Officer) -> None:
    """开始整改, by who surveys the facility."""
    require_surveyor(officer, item.facility)
    item = _in(item, ITEM.OPEN)
    _move(item, ITEM.DOING)
    _record(item, RectificationAct.TAKEN, officer)


@transaction.atomic
def give_evidence(item: Rectification, officer: Officer, facts: Mapping[str, Any], text: str) -> None:
    """提交佐证: what was done, the new facts in the JSON form of ``answering.accepted``, and the files that wait."""
    require_surveyor(officer, item.facility)
    item = _in(item, ITEM.DOING)
    words = _said("text", text, "请写明做了什么、有什么佐证。")
    unknown = set(facts) - {question.key for question in mended_of(item).questions}
    if unknown:
        raise Refused("text", "填的数据项和这一条要求无关，请刷新本页。")
    item.facts = item.facts | dict(facts)
    _move(item, ITEM.EVIDENCED, "facts")
    result = mended_of(item).result.as_json()
    act = _record(item, RectificationAct.EVIDENCE, officer, text=words, facts=dict(facts), result=result)
    item.files.filter(act=None).update(act=act)


@transaction.atomic
def send_back(item: Rectification, officer: Officer, text: str) -> None:
    """退回整改, with a reason."""
    _require_other(officer, item)
    item = _in(item, ITEM.EVIDENCED)
    words = _said("text", text, "请写明为什么退回、还要怎么改。")
    _move(item, ITEM.DOING)
    _record(item, RectificationAct.RETURNED, officer, text=words)


@transaction.atomic
def verify(item: Rectification, officer: Officer, text: str = "") -> None:
    """核实, where it passes with the new facts. Raises Refused with what is still short."""
    _pass_on(item, officer, ITEM.EVIDENCED, ITEM.VERIFIED, RectificationAct.VERIFIED, text)


@transaction.atomic
def close(item: Rectification, officer: Officer, text: str = "") -> None:
    """销号, where it passes with the new facts. Raises Refused with what is still short."""
    _pass_on(item, officer, ITEM.VERIFIED, ITEM.CLOSED, RectificationAct.CLOSED, text)


def _pass_on(item: Rectification, officer: Officer, state: str, then: str, verb: str, text: str) -> None:
    _require_other(officer, item)
    item = _in(item, state)
    words = _said("text", text) if text.strip() else ""
    mended = mended_of(item)
    if not mended.passes:
        raise Refused("text", _still_short(mended))
    _move(item, then)
    _record(item, verb, officer, text=words, result=mended.result.as_json())


def _still_short(mended: Mended) -> str:
    return f"按新数据重新判定还是“{mended.word}”，不能核实或销号：{mended.said.said}{mended.said.gap}"


# ── What holds ────────────────────────────────────────────────────────────────


def held(item: Rectification) -> Rectification:
    """The item's row, locked until the transaction ends."""
    rows = Rectification.objects.select_for_update(of=("self",))
    related = ("facility__division", "requirement__standard", "snapshot__survey__period", "spot_check")
    return rows.select_related(*related).get(pk=item.pk)


def due_in(days: str) -> date:
    """So many working days from today."""
    number = int(days) if days.strip().isascii() and days.strip().isdigit() and len(days.strip()) < 4 else 0
    if not 1 <= number <= LONGEST_DAYS:
        raise Refused("days", f"整改期限要写 1 到 {LONGEST_DAYS} 之间的工作日数。")
    working = calendar_between(today(), today() + timedelta(days=4 * LONGEST_DAYS)).working_days(today())
    return [next(working) for _ in range(number)][-1]


def _in(item: Rectification, state: str) -> Rectification:
    item = held(item)
    _require_state(item, state)
    return item


def _require_state(item: Rectification, state: str) -> None:
    if item.state != state:
        raise Overtaken(f"没有办理：这一条整改现在是“{item.get_state_display()}”，刚有人办过。最新情况见本页。")


def require_mending(item: Rectification, officer: Officer) -> None:
    """By who surveys the facility, and while it is in hand. Raises PermissionDenied, Overtaken."""
    require_surveyor(officer, item.facility)
    _require_state(item, ITEM.DOING)


def _require_other(officer: Officer, item: Rectification) -> None:
    """Nobody verifies what they mended themselves."""
    require_office(officer, item.facility)
    if item.acts.filter(by=officer, verb__in=MENDING).exists():
        raise PermissionDenied("这一条整改是您办理的，请由另一位审核员核实。")


def _none_open(facility: Facility, rows: Mapping[str, Requirement]) -> None:
    open_ = Rectification.objects.filter(facility=facility, requirement__in=[row.pk for row in rows.values()])
    if again := open_.exclude(state=ITEM.CLOSED).count():
        raise Overtaken(f"没有提出：勾选的要求里有 {again} 条已经在整改，销号以前不能再提。请刷新本页。")


def _closed_before(facility: Facility, rows: Sequence[Requirement]) -> dict[str, Rectification]:
    """requirement → the newest closed one, of whatever quarter."""
    closed = Rectification.objects.filter(facility=facility, requirement__in=rows, state=ITEM.CLOSED)
    return {item.requirement.key: item for item in closed.select_related("requirement").order_by("pk")}


def _found(source: Source, key: str) -> dict[str, Any]:
    told = source.told(key)
    return {"result": source.results[key].as_json(), "said": told.said, "gap": told.gap}


def _said(field: str, text: str, lacking: str = "", longest: int = LONGEST_TEXT) -> str:
    words = " ".join(shown_characters(text).split())
    if not words and lacking:
        raise Refused(field, lacking)
    if len(words) > longest:
        raise Refused(field, f"最多 {longest} 字，现在 {len(words)} 字，请缩短。")
    return words


def _move(item: Rectification, state: str, *fields: str) -> None:
    item.state = state
    item.save(update_fields=["state", *fields])


def _record(item: Rectification, verb: str, officer: Officer, **more: Any) -> RectificationAct:
    return RectificationAct.objects.create(rectification=item, verb=verb, by=officer, at=timezone.now(), **more)
