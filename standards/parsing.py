"""A fact as a person types it, or as JSON and TOML carry it, into an exact value, and back to JSON.

Nothing is rounded and nothing is guessed: what cannot be read exactly is refused with a sentence for the form."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from standards.edition import Indicator, Value

MOST_DIGITS = 12
LONGEST_TEXT = 2000
EARLIEST_YEAR = 1900

#: what an input method types for a digit, a sign, a dot or a comma
_HALF_WIDTH = str.maketrans("０１２３４５６７８９＋－−．。，／：　\u00a0", "0123456789+--..,/:  ")
_NUMBER = re.compile(r"(?:[0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_DATES = (
    re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})"),
    re.compile(r"([0-9]{4})()年([0-9]{1,2})月([0-9]{1,2})日"),
    re.compile(r"([0-9]{4})()([0-9]{2})([0-9]{2})"),
)
_SAME_UNITS = (("㎡", "平方米", "平米", "m²", "m2", "M2"), ("人", "名"))
_TRUTHS = {"是": True, "否": False, "true": True, "false": False}


def parse_value(indicator: Indicator, raw: Any) -> Value:
    """The exact fact. Raises ValueError with a Chinese sentence for the person who typed it."""
    return _PARSERS[indicator.type](indicator, raw)


def value_json(indicator: Indicator, value: Value) -> Any:
    """integer → int, decimal → text with its places, date → ISO text, choices → list in the dictionary's order."""
    match value:
        case bool() | str():
            return value
        case Decimal():
            return int(value) if indicator.type == "integer" else f"{value:.{indicator.places}f}"
        case frozenset():
            return [choice.value for choice in indicator.choices if choice.value in value]
    return value.isoformat()


def _number(indicator: Indicator, raw: Any) -> Decimal:
    typed = _plain(indicator, raw)
    if typed.startswith("-") and _NUMBER.fullmatch(typed[1:]):
        raise ValueError(f"{indicator.label}不能是负数，{_example(indicator)}")
    found = _NUMBER.fullmatch(typed.removeprefix("+"))
    if found is None:
        raise ValueError(f"{indicator.label}{_wanted(indicator)}")
    return _exact(indicator, found)


def _exact(indicator: Indicator, found: re.Match[str]) -> Decimal:
    digits = found[0].replace(",", "")
    if len(found[1] or "") > indicator.places:
        raise ValueError(f"{indicator.label}{_wanted(indicator)}")
    if len(digits.replace(".", "")) > MOST_DIGITS:
        raise ValueError(f"{indicator.label}的数字太长，请核对，{_example(indicator)}")
    return Decimal(digits)


def _plain(indicator: Indicator, raw: Any) -> str:
    """What was typed, in half-width characters, without blanks at the ends and without the indicator's own unit."""
    if isinstance(raw, bool) or not isinstance(raw, (str, int, float, Decimal)):
        raise ValueError(f"{indicator.label}{_wanted(indicator)}")
    typed = str(raw).translate(_HALF_WIDTH).strip()
    for unit in sorted(_units(indicator.unit), key=len, reverse=True):
        if typed.endswith(unit):
            return typed.removesuffix(unit).rstrip()
    return typed


def _units(unit: str) -> set[str]:
    """The ways to write a unit: 台/个 is 台 or 个, ㎡ is 平方米."""
    own = {unit, *unit.split("/")} - {""}
    return own.union(*(same for same in _SAME_UNITS if own & set(same)))


def _wanted(indicator: Indicator) -> str:
    if indicator.type == "integer":
        return f"要填整数，{_example(indicator)}"
    return f"要填数字，最多 {indicator.places} 位小数，{_example(indicator)}"


def _example(indicator: Indicator) -> str:
    return (
        "例如 5" if indicator.type == "integer" else f"例如 186.{'50'.ljust(indicator.places, '0')[: indicator.places]}"
    )


def _boolean(indicator: Indicator, raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    truth = _TRUTHS.get(raw.strip().lower()) if isinstance(raw, str) else None
    if truth is None:
        raise ValueError(f"{indicator.label}要选“是”或“否”，例如 是")
    return truth


def _choice(indicator: Indicator, raw: Any) -> str:
    offered = [choice.value for choice in indicator.choices]
    if isinstance(raw, str) and raw.strip() in offered:
        return raw.strip()
    labels = "、".join(choice.label for choice in indicator.choices)
    raise ValueError(f"{indicator.label}没有这个选项，请从中选择：{labels}")


def _choices(indicator: Indicator, raw: Any) -> frozenset[str]:
    if not isinstance(raw, (list, tuple, set, frozenset)):
        raise ValueError(f"{indicator.label}要从列出的选项中勾选，可以多选")
    return frozenset(_choice(indicator, item) for item in raw)


def _date(indicator: Indicator, raw: Any) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    typed = "".join(raw.translate(_HALF_WIDTH).split()) if isinstance(raw, str) else ""
    for form in _DATES:
        if found := form.fullmatch(typed):
            return _day(indicator, int(found[1]), int(found[3]), int(found[4]))
    raise ValueError(f"{indicator.label}要填日期，例如 2012-03-01")


def _day(indicator: Indicator, year: int, month: int, day: int) -> date:
    try:
        found = date(year, month, day)
    except ValueError:
        raise ValueError(f"{indicator.label}不是真实的日期，请核对，例如 2012-03-01") from None
    if year < EARLIEST_YEAR:
        raise ValueError(f"{indicator.label}的年份不对，请核对，例如 2012-03-01")
    return found


def _text(indicator: Indicator, raw: Any) -> str:
    if not isinstance(raw, str):
        raise ValueError(f"{indicator.label}要填文字，例如 按核定数")
    kept = shown_characters(raw)
    if len(kept) > LONGEST_TEXT:
        raise ValueError(f"{indicator.label}不能超过 2,000 字，现有 {len(kept):,} 字，请删减")
    return kept


TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def shown_characters(text: str) -> str:
    """Without control characters, which no page shows and no database stores; line ends stay, as \\n."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(mark for mark in lines if mark == "\n" or _shown(mark))


def _shown(mark: str) -> bool:
    """Neither a control character, nor half of a surrogate pair (which no database can store), nor a mark that turns
    the direction of what follows."""
    return unicodedata.category(mark) not in ("Cc", "Cs") and mark not in TURNS


_PARSERS: dict[str, Callable[[Indicator, Any], Value]] = {
    "integer": _number,
    "decimal": _number,
    "boolean": _boolean,
    "choice": _choice,
    "choices": _choices,
    "date": _date,
    "text": _text,
}
