"""A small edition of invented facts, and its rules and findings said: what the tests of words speak about."""

import dataclasses
from datetime import date
from decimal import Decimal

from standards.edition import (
    Cases,
    Choice,
    Clause,
    Compare,
    Edition,
    Indicator,
    IndicatorMeasure,
    OfNorm,
    Requirement,
    Row,
)
from standards.engine import judge
from standards.wording import sentence

ROOMS = (Choice("hall", "服务大厅"), Choice("archive", "档案室"), Choice("talk", "调解室"))
INDICATORS = (
    Indicator("people", "常住人口", "integer", unit="人", source="place"),
    Indicator("computers", "计算机", "integer", unit="台"),
    Indicator("staff", "工作人员（在岗）", "integer", unit="人"),
    Indicator("lent", "借出人员", "integer", unit="人"),
    Indicator("hired", "聘用人员", "integer", unit="人"),
    Indicator("area", "建筑面积", "decimal", unit="㎡", places=2),
    Indicator("set_up", "是否已设立", "boolean"),
    Indicator("line", "专线连接", "boolean"),
    Indicator("waste", "是否发现浪费", "boolean"),
    Indicator("budget", "街道是否有独立预算", "boolean", source="place"),
    Indicator(
        "mode", "服务模式", "choice", choices=(Choice("a", "一站式"), Choice("b", "一条龙"), Choice("n", "均未实行"))
    ),
    Indicator("rooms", "功能区域", "choices", choices=ROOMS),
    Indicator("planned", "应设区域", "choices", choices=ROOMS),
    Indicator("name", "机构名称", "text"),
    Indicator("basis", "核定依据", "text"),
    Indicator("opened", "设立日期", "date"),
    Indicator("share", "持证比例", "decimal", unit="%", places=1),
)
CREDIT = {"pass": 1, "relaxed": 1, "accepted": 1, "deviation": "0.5", "pending": 0, "fail": 0, "missing": 0}
REQUIRED = Requirement("k", "c", "要求", "mandatory", ("原文",))


def compare(indicator, operator, norm):
    number = isinstance(norm, int) and not isinstance(norm, bool)
    return Compare(IndicatorMeasure(indicator), operator, Decimal(norm) if number else norm)


def edition_of(*requirements, **kwargs):
    clause = Clause("c", "3", "人员配备", "原文", "", Decimal(1), requirements)
    other = Clause("other", "9", "信息化建设", "原文", "", Decimal(1), ())
    return Edition(
        "e",
        date(2020, 1, 1),
        "规范",
        "附表",
        ("township", "village"),
        credit={key: Decimal(value) for key, value in CREDIT.items()},
        basic_compliance=Decimal(90),
        clauses=(clause, other),
        indicators={indicator.key: indicator for indicator in INDICATORS},
        **kwargs,
    )


def requiring(check=None, **changes):
    changes.setdefault("quotes", ("原文",))
    changes.setdefault("subjects", ("township", "village"))
    return dataclasses.replace(REQUIRED, check=check, **changes)


def found(check, facts, told=True, determinations=None, **changes):
    """The finding of a rule judged by the engine; ``told`` false says it without the facts."""
    requirement = requiring(check, **changes)
    edition = edition_of(requirement)
    facts = exact(facts)
    judgement = judge(edition, facts, date(2026, 9, 30), determinations=determinations or {})
    return sentence(edition, requirement, judgement.results["k"], facts if told else None)


BANDS = Cases(
    (
        Row(compare("people", "at_least", 90000), compare("computers", "at_least", 7)),
        Row(compare("people", "at_least", 60000), compare("computers", "at_least", 5)),
        Row(None, compare("computers", "at_least", 3)),
    )
)
RATIO = compare("staff", "at_least", OfNorm("people", per=Decimal(10000), round="up"))


def exact(facts):
    """Whole numbers as the exact facts that they are."""
    return {key: Decimal(value) if type(value) is int else value for key, value in facts.items()}
