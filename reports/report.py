"""The nouns of a Report: what a submission says, judged and explained. It knows no format."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from standards.edition import Interpretation
from standards.marking import Law

QUIET = ("pass", "info", "not_applicable")  # outcomes that ask nothing of anybody


@dataclass(frozen=True, slots=True)
class Place:
    code: str
    name: str
    place: tuple[str, ...]  # 珠海市, 香洲区, 翠香街道
    unit: str  # 报送单位


@dataclass(frozen=True, slots=True)
class Quarter:
    key: str
    name: str
    last_day: date
    due: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class Submission:
    receipt: str
    at: datetime
    by: str
    content_hash: str  # SHA-256 of the snapshot's canonical JSON
    version: int = 1  # the snapshot's number: submissions and acceptances are counted alike


@dataclass(frozen=True, slots=True)
class Approval:
    """审核通过."""

    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Determined:
    """认定 of one requirement: 同意酌减, with the reason."""

    word: str
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class Cited:
    """The edition that judged."""

    key: str
    source: str
    title: str
    effective: date
    content_hash: str
    basic_compliance: Decimal


@dataclass(frozen=True, slots=True)
class Previous:
    period: str
    score: Decimal | None
    grade: str
    change: str  # 升 2.6


@dataclass(frozen=True, slots=True)
class Verdict:
    score: Decimal | None
    grade: str
    why: str
    lacking: str  # 还差 2 台计算机，即达标; empty where nothing is
    previous: Previous | None


@dataclass(frozen=True, slots=True)
class Count:
    outcome: str
    word: str
    number: int


@dataclass(frozen=True, slots=True)
class Given:
    """An answer as given: ``value`` in words, ``raw`` in its JSON form, by the indicator's ``type``."""

    indicator: str
    label: str
    type: str
    unit: str
    value: str
    raw: Any
    reason: str
    note: str
    origin: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One requirement's result. Figures are the main comparison's; ``held`` of ``listed`` items for a checklist."""

    requirement: str
    label: str
    force: str
    outcome: str
    word: str
    said: str
    gap: str
    actual: Decimal | None
    norm: Decimal | None
    shortfall: Decimal | None
    over: bool
    held: int | None
    listed: int | None
    unit: str
    progress: Decimal | None
    overdue: bool | None
    rule: str  # 说明, made from the rule
    reasons: tuple[str, ...]  # 怎么得出的
    notices: tuple[str, ...]
    interpretations: tuple[Interpretation, ...]  # 怎么读的
    law: Law  # 原文, the deciding words marked
    answers: tuple[Given, ...]
    determined: Determined | None = None

    @property
    def sentence(self) -> str:
        return self.said + self.gap

    @property
    def stands_out(self) -> bool:
        """Something is to be done or looked at."""
        return self.outcome not in QUIET or bool(self.notices)


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the printed schedule with what was found."""

    key: str
    number: str
    title: str
    text: str
    remark: str
    law: Law
    bands: tuple[str, ...]  # which band is in force here, and why
    score: Decimal | None
    outcome: str
    word: str
    tally: tuple[Count, ...]
    previous: Decimal | None
    change: str
    findings: tuple[Finding, ...]

    @property
    def wanting(self) -> tuple[Finding, ...]:
        """What keeps the row from being a pass throughout."""
        return tuple(finding for finding in self.findings if finding.outcome not in QUIET)

    @property
    def answers(self) -> tuple[Given, ...]:
        """Each answer once, in the order in which findings use it."""
        return tuple({given.indicator: given for finding in self.findings for given in finding.answers}.values())


@dataclass(frozen=True, slots=True)
class Showing:
    """What a file shows: a row of the schedule, and in it a requirement or the whole."""

    clause: str
    number: str
    title: str
    label: str


@dataclass(frozen=True, slots=True)
class Attached:
    """佐证 as it was submitted: the file in the store must still have this hash."""

    id: str
    name: str
    kind: str
    content_hash: str
    taken_at: datetime | None
    place: tuple[str, str] | None  # latitude and longitude, degrees
    shows: tuple[Showing, ...]

    @property
    def rows(self) -> frozenset[str]:
        return frozenset(each.clause for each in self.shows)


@dataclass(frozen=True, slots=True)
class Report:
    title: str
    demo: bool
    facility: Place
    period: Quarter
    submission: Submission
    edition: Cited
    verdict: Verdict
    tally: tuple[Count, ...]
    rows: tuple[Row, ...]
    evidence: tuple[Attached, ...] = ()
    approval: Approval | None = None
    beside: tuple[Report, ...] = ()  # of the same submission, by the other editions that judged it

    @property
    def photos(self) -> tuple[Attached, ...]:
        return tuple(each for each in self.evidence if each.kind == "image")

    @property
    def name(self) -> str:
        """翠香街道人力资源和社会保障服务所_达标评估结果_2026Q3."""
        return f"{self.facility.name.replace('/', '／')}_{self.title}_{self.period.key}"

    @property
    def findings(self) -> tuple[Finding, ...]:
        return tuple(finding for row in self.rows for finding in row.findings)

    @property
    def interpretations(self) -> tuple[Interpretation, ...]:
        """Each cited once, in the order of their keys' numbers."""
        parts = (self, *self.beside)
        cited = {each.key: each for part in parts for finding in part.findings for each in finding.interpretations}
        return tuple(sorted(cited.values(), key=lambda each: (len(each.key), each.key)))
