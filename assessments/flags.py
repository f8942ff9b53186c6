"""What a reviewer should look at first: numbers that jumped, numbers far from those of like sites, what a person must
decide. Worked out for one survey or for a whole queue alike, in the same number of queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from assessments.models import Answer, Determination, Judgement, Survey
from assessments.outliers import POPULATION, Fences, band_of, fences_of
from assessments.warnings import jump_in_words
from standards.binding import bound
from standards.edition import Edition, Indicator, Requirement
from standards.loading import edition_of
from standards.values import parse_value
from standards.wording import value_in_words

JUMP, OUTLIER, DECIDE = "jump", "outlier", "decide"
KINDS = {DECIDE: "要认定", JUMP: "变化大", OUTLIER: "与同类相差大"}
NUMBERS = ("integer", "decimal")


@dataclass(frozen=True)
class Flag:
    """``clause`` is the row at which it stands; ``key`` the indicator, or the requirement to be decided."""

    kind: str
    clause: str
    key: str
    label: str
    said: str

    @property
    def word(self) -> str:
        return KINDS[self.kind]


@dataclass(frozen=True)
class Sent:
    """A survey with its newest judgement, by all editions together: ``results`` are those of
    standards.outcomes.Judgement in JSON, since a queue asks hundreds of them for two words."""

    survey: Survey
    edition: Edition
    results: Mapping[str, Mapping[str, Any]]

    def outcome(self, requirement: str) -> str:
        return str(self.results[requirement]["outcome"])

    @cached_property
    def judging(self) -> frozenset[str]:
        """Indicators that some requirement reads here; the answers to all others do not matter."""
        return frozenset(key for each in self._applying for key in each.indicators)

    @property
    def _applying(self) -> list[Requirement]:
        return [r for r in self.edition.requirements if self.outcome(r.key) != "not_applicable"]


Said = Mapping[str, Answer]  # indicator → answer


def flags_of(surveys: Sequence[Survey]) -> dict[int, list[Flag]]:
    """survey → its flags, what must be decided first. Four queries, however many; facilities and periods are loaded."""
    sent = sent_of(surveys)
    answers = _answers(sent)
    decided = set(
        Determination.objects.filter(survey__in=list(sent)).values_list("survey", "requirement__key").distinct()
    )
    usual = _usual(sent)
    return {
        pk: [
            *_to_decide(each, answers[pk], {key for survey, key in decided if survey == pk}),
            *_jumps(each, answers[pk]),
            *_outliers(each, answers[pk], usual),
        ]
        for pk, each in sent.items()
    }


def sent_of(surveys: Sequence[Survey]) -> dict[int, Sent]:
    """One query."""
    by_pk = {survey.pk: survey for survey in surveys}
    found = Judgement.objects.filter(survey__in=list(by_pk)).select_related("standard")
    newest: dict[int, list[Judgement]] = {}
    for judgement in found.order_by("-snapshot__number", "beside", "pk"):
        held = newest.setdefault(judgement.survey_id, [judgement])
        if held[0] is not judgement and held[0].snapshot_id == judgement.snapshot_id:
            held.append(judgement)
    return {pk: _sent(by_pk[pk], judgements) for pk, judgements in newest.items()}


def _sent(survey: Survey, judgements: Sequence[Judgement]) -> Sent:
    editions = [edition_of(judgement.standard) for judgement in judgements]
    results = {key: each for judgement in judgements for key, each in judgement.content["results"].items()}
    return Sent(survey, bound(editions, survey.facility.subject), results)


def _answers(sent: Mapping[int, Sent]) -> dict[int, dict[str, Answer]]:
    found: dict[int, dict[str, Answer]] = defaultdict(dict)
    fields = ("survey_id", "indicator", "value", "previous", "note", "reason")
    for answer in Answer.objects.filter(survey__in=list(sent)).only(*fields):
        found[answer.survey_id][answer.indicator] = answer
    return found


# ── What a person must decide ─────────────────────────────────────────────────


def _to_decide(sent: Sent, answers: Said, decided: Iterable[str]) -> list[Flag]:
    flags = []
    for requirement in sent.edition.requirements:
        if words := _deciding_in_words(requirement, sent, answers, requirement.key in decided):
            clause = _clause_of_requirement(sent.edition, requirement)
            flags.append(Flag(DECIDE, clause, requirement.key, requirement.label, words))
    return flags


def _deciding_in_words(requirement: Requirement, sent: Sent, answers: Said, decided: bool) -> str:
    """Why a person must, or may, decide; empty where nobody need."""
    outcome = sent.outcome(requirement.key)
    if outcome == "pending":
        return "规范要求由审核人认定"
    if sent.results[requirement.key].get("provisional"):
        return "酌减达标，须由审核人认定"
    if outcome == "deviation" and not decided and explanation(requirement, answers):
        return "偏离写了说明，看是否认可"
    return ""


def explanation(requirement: Requirement, answers: Said) -> str:
    """What the surveyor wrote to the answers that a requirement reads."""
    notes = [answers[key].note for key in requirement.indicators if key in answers and answers[key].note]
    return "；".join(dict.fromkeys(notes))


def _clause_of_requirement(edition: Edition, requirement: Requirement) -> str:
    return next(c.key for c in edition.clauses if any(r.key == requirement.key for r in c.requirements))


# ── Numbers ───────────────────────────────────────────────────────────────────


def _jumps(sent: Sent, answers: Said) -> list[Flag]:
    return [
        Flag(JUMP, _clause_of(sent.edition, key), key, indicator.label, said)
        for key, indicator in _read(sent, answers)
        if (said := jump_in_words(indicator, answers[key].value, answers[key].previous))
    ]


def _outliers(sent: Sent, answers: Said, usual: Mapping[Any, Fences]) -> list[Flag]:
    place = _group(sent.survey, _number(answers[POPULATION].value) if POPULATION in answers else None)
    flags = []
    for key, indicator in _read(sent, answers):
        fences, value = usual.get((*place, key)), answers[key].value
        if indicator.type in NUMBERS and fences and (side := fences.side(Decimal(str(value)))):
            median = _words(indicator, fences.median)
            said = f"{_words(indicator, value)}，比同类 {fences.number} 家偏{side}（中位数 {median}）"
            flags.append(Flag(OUTLIER, _clause_of(sent.edition, key), key, indicator.label, said))
    return flags


def _read(sent: Sent, answers: Said) -> list[tuple[str, Indicator]]:
    """Answered indicators that matter here, in the edition's order."""
    judging = sent.judging
    return [
        (key, indicator)
        for key, indicator in sent.edition.indicators.items()
        if key in judging and key in answers and answers[key].value is not None
    ]


def _words(indicator: Indicator, value: Any) -> str:
    if isinstance(value, Decimal):
        places = indicator.places if indicator.type == "decimal" else 0
        return value_in_words(indicator, value.quantize(Decimal(1).scaleb(-places)))
    return value_in_words(indicator, parse_value(indicator, value))


def _clause_of(edition: Edition, key: str) -> str:
    """The row on whose page it is asked: the first that needs it."""
    return next(clause.key for clause in edition.clauses if key in clause.indicators)


def _usual(sent: Mapping[int, Sent]) -> dict[Any, Fences]:
    """(quarter, subject, band, indicator) → what is usual among all that submitted in the quarter: one query."""
    surveys = [each.survey for each in sent.values()]
    editions = {id(each.edition): each.edition for each in sent.values()}
    keys = {i.key for edition in editions.values() for i in edition.indicators.values() if i.type in NUMBERS}
    rows = Answer.objects.filter(
        survey__period__in={survey.period_id for survey in surveys},
        survey__facility__subject__in={survey.facility.subject for survey in surveys},
        survey__state__in=(Survey.SUBMITTED, Survey.ACCEPTED),
        indicator__in=keys | {POPULATION},
        value__isnull=False,
    ).values_list("survey", "survey__period", "survey__facility__subject", "indicator", "value")
    return _fences(list(rows))


def _fences(rows: Sequence[tuple[int, int, str, str, Any]]) -> dict[Any, Fences]:
    population = {survey: _number(value) for survey, _, _, key, value in rows if key == POPULATION}
    values: dict[Any, list[Decimal]] = defaultdict(list)
    for survey, period, subject, key, value in rows:
        if (number := _number(value)) is not None:
            values[period, subject, band_of(subject, population.get(survey)), key].append(number)
    found = {place: fences_of(numbers) for place, numbers in values.items() if place[2] is not None}
    return {place: fences for place, fences in found.items() if fences}


def _group(survey: Survey, population: Decimal | None) -> tuple[int, str, int | None]:
    subject = survey.facility.subject
    return survey.period_id, subject, band_of(subject, population)


def _number(value: Any) -> Decimal | None:
    """The JSON form of a number: an integer, or a decimal as text."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return Decimal(value)
    except ArithmeticError:
        return None
