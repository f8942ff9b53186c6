"""Rulers and bars for templates: geometry from charts.py, colour from the page's own sheet."""

from decimal import Decimal
from typing import Any

from django import template

from reports import charts
from reports.report import Finding, Row
from standards.marking import INFORCE, NOW, Marked

register = template.Library()
#: inks of the outcomes on paper, as on screen (tokens.css); each stands beside its word and shape
INKS = {
    "pass": "#1a6a4f",
    "relaxed": "#0f6275",
    "deviation": "#875200",
    "fail": "#a52a1f",
    "pending": "#8a2f6b",
    "missing": "#59498a",
    "not_applicable": "#5a6672",
    "info": "#3c5268",
}
PALE = "#a9d0c0"  # what is in order stays quiet


def fill_of(outcome: str) -> str:
    return PALE if outcome == "pass" else INKS[outcome]


@register.inclusion_tag("reports/_ruler.html")
def ruler(finding: Finding) -> dict[str, Any]:
    return {"drawn": charts.ruler_of(finding), "outcome": finding.outcome}


@register.inclusion_tag("reports/_ruler.html")
def bar(score: Decimal | None, outcome: str) -> dict[str, Any]:
    return {"drawn": charts.bar(score), "outcome": outcome}


@register.inclusion_tag("reports/_paper_ruler.html")
def paper_ruler(finding: Finding) -> dict[str, Any]:
    return {"drawn": charts.ruler_of(finding), "ink": fill_of(finding.outcome)}


@register.inclusion_tag("reports/_paper_ruler.html")
def paper_bar(score: Decimal | None, outcome: str) -> dict[str, Any]:
    return {"drawn": charts.bar(score), "ink": fill_of(outcome)}


@register.inclusion_tag("reports/_paper_outcome.html")
def paper_outcome(outcome: str, word: str) -> dict[str, Any]:
    return {"outcome": outcome, "word": word, "ink": INKS[outcome]}


@register.filter
def weight(mark: Marked, row: Row) -> str:
    """Words in force weigh more where what rests on them is wanting."""
    wanting = {finding.requirement for finding in row.wanting}
    return NOW if mark.state == INFORCE and wanting.intersection(mark.keys) else mark.state
