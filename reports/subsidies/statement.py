"""A statement as page, Excel and PDF read it: a row for each part with its figures, the total, and behind them every
person and month with the sentences. It is made once, so that the three cannot differ."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.conf import settings

from assessments.subsidies.counting import PUBLIC_SERVANT, SWITCHED_OFF, Part
from assessments.subsidies.policy import FLAGS, Sentence
from assessments.subsidies.reckoning import Account, Figures, accounts_of, figures_of, policy
from assessments.subsidies.sharing import Line
from assessments.subsidies.spans import Span
from facilities.access import today, visible_to
from facilities.existence import said
from facilities.models import Officer, Post
from facilities.roster import may_see
from reports.documents import DEMO_NOTICE
from reports.subsidies.places import Place, address

ABSENT = "—"
CLAUSES = {"zh.3.5": "方案三（五）", "zh.3.1.5": "方案三（一）5"}
REASONS = FLAGS | {PUBLIC_SERVANT: "公职人员兼职，不发补助", SWITCHED_OFF: "新增人员的补助未启用，待市财政确认"}
#: name in Figures and in a line → head of the column
AMOUNTS = {
    "city_due": "市级应补（元）",
    "district_min": "区级至少（元）",
    "paid": "区级实发（元）",
    "shortfall": "区级少发（元）",
    "held": "其中未备案暂缓（元）",
    "recover": "应追回（元）",
}
OF_PERSON = ("city_due", "district_min", "held", "recover")


def money(amount: Decimal | None) -> str:
    return ABSENT if amount is None else f"{amount:,.2f}"


@dataclass(frozen=True)
class Row:
    name: str
    code: str
    url: str
    figures: Figures

    @property
    def amounts(self) -> list[Decimal | None]:
        return [getattr(self.figures, key) for key in AMOUNTS]

    @property
    def cells(self) -> list[str]:
        return [str(self.figures.persons) if self.figures.city_due is not None else ABSENT, *map(money, self.amounts)]

    @property
    def remarks(self) -> str:
        """What needs a look, in words."""
        found = [FLAGS[flag] for flag in self.figures.flags]
        found += [f"实发未登记 {self.figures.unrecorded} 家次"] if self.figures.unrecorded else []
        found += [f"没有名册 {self.figures.unlisted} 家"] if self.figures.unlisted else []
        return "；".join(found)


@dataclass(frozen=True)
class Detail:
    """One person's month at one station."""

    station: str
    code: str
    person: str
    line: Line

    @property
    def month(self) -> str:
        return f"{self.line.month.first.year}年{self.line.month.first.month}月"

    @property
    def work(self) -> str:
        """专职 30/30 天；each rate that holds on its own."""
        return "；".join(map(_days, self.line.parts)) or "不计"

    @property
    def amounts(self) -> list[Decimal]:
        return [getattr(self.line, key) for key in OF_PERSON]

    @property
    def cells(self) -> list[str]:
        return list(map(money, self.amounts))

    @property
    def remarks(self) -> str:
        reasons = [reason for unpaid in self.line.unpaid for reason in unpaid.reasons]
        return "；".join(REASONS[key] for key in dict.fromkeys([*reasons, *self.line.flags]))

    @property
    def grounds(self) -> list[tuple[str, str]]:
        """The clause and its words, each once."""
        told = {(CLAUSES.get(each.clause, "方案"), each.quote): None for each in self._sentences()}
        return list(told)

    def _sentences(self) -> Iterator[Sentence]:
        law = policy()
        for part in self.line.parts:
            yield part.city.sentence
            yield part.district.sentence
        for unpaid in self.line.unpaid:
            for reason in unpaid.reasons:
                if reason == SWITCHED_OFF:
                    yield law.extra_rule(unpaid.days.first).sentence
                elif reason == PUBLIC_SERVANT:
                    yield law.grounds["public_servant_paid"]
        yield from (law.grounds[flag] for flag in self.line.flags)


def _days(part: Part) -> str:
    of_month = "整月" if part.days.share == 1 else f" {part.days.days} 天"
    return f"{part.tenure.kind}{of_month}，市 {part.city.amount:,} 元、区不少于 {part.district.amount:,} 元"


@dataclass(frozen=True)
class Statement:
    place: Place
    span: Span
    rows: tuple[Row, ...]
    total: Row
    details: tuple[Detail, ...]
    accounts: tuple[Account, ...]
    day: date
    is_demo: bool

    @property
    def title(self) -> str:
        return f"{self.place.name}{self.span}人力资源社会保障协理员补助结算表"

    @property
    def head(self) -> list[str]:
        return [self.place.head, "人数", *AMOUNTS.values(), "说明"]

    @property
    def detail_head(self) -> list[str]:
        return ["人员", "月份", "岗位和标准", *(AMOUNTS[key] for key in OF_PERSON), "标记"]

    @cached_property
    def notes(self) -> list[str]:
        """What a reader must know of these figures."""
        told = [
            f"数据截至 {said(self.day)}。“{ABSENT}”和空格表示没有登记，不是 0。",
            "区级少发按各站各季度分别计算后相加，一处多发不抵另一处少发；同一人在几处任职只计一次，合计人数按人计。",
        ]
        last = self.span.stretch.last
        told += [f"本期未结束，按现有名册算到 {said(last)}。"] if last >= self.day else []
        return told + ([DEMO_NOTICE] if self.is_demo else [])


def statement_of(officer: Officer, place: Place, span: Span, opened: bool = True) -> Statement:
    """Names only for whom the roster is; for the others people are numbered. Only ``opened`` it tells each person."""
    accounts = tuple(accounts_of(place.facilities, span))
    rows = [
        Row(part.name, part.code, address(part.way, span.key) if part.way else "", _figures(accounts, part.stations))
        for part in place.parts
    ]
    total = Row("合计", "", "", figures_of(accounts))
    details = tuple(_details(officer, place, accounts)) if opened else ()
    return Statement(place, span, tuple(rows), total, details, accounts, today(), settings.DEMO)


def _figures(accounts: Sequence[Account], stations: frozenset[str]) -> Figures:
    return figures_of([account for account in accounts if account.facility in stations])


def _details(officer: Officer, place: Place, accounts: Sequence[Account]) -> Iterator[Detail]:
    """By station, person and month."""
    stations = {each.code: each.name for each in place.facilities}
    lines = [line for account in accounts for line in account.lines]
    called = _called(officer, lines)
    for line in sorted(lines, key=lambda line: (line.community, int(line.person), line.month)):
        yield Detail(stations[line.community], line.community, called[line.community, line.person], line)


def _called(officer: Officer, lines: Sequence[Line]) -> dict[tuple[str, str], str]:
    """Station and person → name where the officer sees the station's roster now, else a number within the station. One
    person has one name everywhere, so the name on another's roster is the one that stands on the officer's own."""
    held = sorted({(line.community, line.person) for line in lines}, key=lambda pair: (pair[0], int(pair[1])))
    named = _rosters(officer, {community for community, _ in held})
    people = {int(person) for community, person in held if community in named}
    names = dict(Post.objects.filter(pk__in=people).values_list("pk", "name")) if people else {}
    numbers: dict[str, int] = {}
    called = {}
    for community, person in held:
        numbers[community] = numbers.get(community, 0) + 1
        called[community, person] = names[int(person)] if community in named else f"人员{numbers[community]}"
    return called


def _rosters(officer: Officer, stations: Collection[str]) -> set[str]:
    """Whose rosters the officer reads. A station that reported elsewhere since is not among them."""
    if not may_see(officer):
        return set()
    return set(visible_to(officer).filter(code__in=stations).values_list("code", flat=True))
