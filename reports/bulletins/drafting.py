"""The texts that a bulletin begins with, written from its figures; a person goes on from there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from reports.returns.figures import Block, block_from
from reports.returns.items import AMOUNT, BLANK, ITEMS
from reports.returns.narrative import NUMERALS
from reports.returns.statement import exact

MOST = 5


def drafted(content: Mapping[str, Any]) -> dict[str, str]:
    """praise, problems, demands."""
    total = block_from(content["total"])
    return {"praise": _praise(content["units"]), "problems": _problems(total), "demands": _demands(content)}


def _praise(units: Iterable[Mapping[str, Any]]) -> str:
    """The first place, with all who share it, where it is above nothing."""
    first = [unit for unit in units if unit["rank"] == 1]
    rate = block_from(first[0]["figures"]).rate if first else None
    if not rate:
        return ""
    return f"{'、'.join(unit['name'] for unit in first)}达标率{rate}%，位居全市第一。"


def _problems(total: Block) -> str:
    """What most facilities lack, worst first."""
    found = [(total.figure(item.key), item) for item in ITEMS if item.kind == AMOUNT]
    found = sorted((pair for pair in found if pair[0].lacking), key=lambda pair: -pair[0].lacking)[:MOST]
    said = [
        f"{item.label}不足，{lack.lacking}家共差{exact(lack.short, item.places)}{item.unit}。" for lack, item in found
    ]
    return "\n".join(f"{NUMERALS[place]}是{sentence}" for place, sentence in enumerate(said))


def _demands(content: Mapping[str, Any]) -> str:
    day = date.fromisoformat(content["period"]["last_day"])
    year, month = (day.year, day.month + 3) if day.month < 12 else (day.year + 1, 3)
    unsent = [unit["name"] for unit in content["units"] if unit["state"] == "未报"]
    told = [f"请{'、'.join(unsent)}立即补报{content['period']['name']}季报。"] if unsent else []
    told.append(
        f"请各区对照判定明细逐家整改，于{year}年{month}月底前将整改情况报市人力资源和社会保障局，联系人：{BLANK}。"
    )
    return "\n".join(f"（{NUMERALS[place]}）{sentence}" for place, sentence in enumerate(told))
