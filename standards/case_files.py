"""Files of cases: each case run by whoever knows its kind, what failed told, and the tally. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from standards.files import text_of, toml_of
from standards.rules.flaws import Flaws

#: a case by name, and what failed in it
Outcome = tuple[str, list[str]]


def outcomes_of(path: Path, failures_of: Callable[[Any], list[str]]) -> Iterator[Outcome]:
    """Every case of a file; what cannot be read counts as one that failed."""
    try:
        data = toml_of(text_of(path), path.name)
    except Flaws as flaws:
        yield path.name, flaws.sentences
        return
    for key in data.keys() - {"case"}:
        yield path.name, [f"不认识的键“{key}”；用例写在 [[case]] 下"]
    cases = data.get("case")
    if not isinstance(cases, list) or not cases:
        yield path.name, ["没有用例；用例写在 [[case]] 下"]
        return
    for raw in cases:
        yield f"{path.name} {name_of(raw)}", failures_of(raw)


def name_of(raw: Any) -> str:
    parts = [str(raw[key]) for key in ("id", "name") if key in raw] if isinstance(raw, dict) else []
    return " ".join(parts) or "（无名称的用例）"


def tell(outcomes: Iterable[Outcome], say: Callable[[str], object]) -> bool:
    """Each case that failed, and ``N passed, M failed`` at the close; whether all passed."""
    passed = failed = 0
    for name, failures in outcomes:
        passed, failed = passed + (not failures), failed + bool(failures)
        if failures:
            say("\n".join((f"未通过：{name}", *(f"  {failure}" for failure in failures))))
    say(f"{passed} passed, {failed} failed")
    return not failed
