"""What a person decides: referral, relaxation, determination."""

from datetime import date
from decimal import Decimal

import pytest

from tests.standards.samples import (
    OPEN,
    WIRED,
    clause,
    edition_from,
    edition_of_check,
    given,
    judged,
    outcome_of,
    result_of,
)

ON = date(2026, 3, 31)
#: c1 passes where ``wired``; the area of c2 may be relaxed then
RELAXED = (
    clause(1, "check = { indicator = 'wired', is = true }"),
    clause(
        2,
        "force = 'norm'\ncheck = { indicator = 'area', at_least = 200 }\n"
        "relaxation = { when = { clause = 'c1', is = 'pass' }, within = 0.10 }",
    ),
)


def relaxed(area, wired, **how):
    return judged(edition_from(*RELAXED), ON, given(area=area, wired=wired), **how)


# ── Referral, relaxation, determination ────────────────────────────────────


@pytest.mark.parametrize(
    ("line", "odd", "force", "outcome"),
    [
        ("专线", None, "mandatory", "pass"),
        ("VPN", True, "mandatory", "pending"),
        ("VPN", False, "mandatory", "fail"),
        ("VPN", False, "norm", "deviation"),
        ("VPN", None, "mandatory", "missing"),
        (None, True, "mandatory", "missing"),
    ],
)
def test_what_only_a_person_can_decide_is_pending(line, odd, force, outcome):
    rest = f"force = '{force}'\nrefer = {OPEN}"
    result = result_of("{ indicator = 'line', is = '专线' }", given(line=line, open=odd), rest)
    assert result.outcome == outcome
    if line == "VPN" and odd is None:
        assert result.unknown == {"open"}


@pytest.mark.parametrize(
    ("area", "wired", "outcome"),
    [
        ("200.00", None, "pass"),
        ("180.00", True, "relaxed"),
        ("179.99", True, "deviation"),
        ("179.99", None, "deviation"),
        ("180.00", False, "deviation"),
        ("180.00", None, "missing"),
        ("199.99", True, "relaxed"),
        (None, True, "missing"),
    ],
)
def test_a_tenth_may_be_let_go_and_not_a_hundredth_more(area, wired, outcome):
    result = relaxed(area, wired).results["c2.r1"]
    assert result.outcome == outcome
    assert result.provisional is (outcome == "relaxed")
    assert (result.unknown == {"wired"}) == (outcome == "missing" and area is not None)


def test_a_reduction_is_told():
    assert relaxed("180.00", True).results["c2.r1"].reduction == Decimal("0.1")
    assert relaxed("200.00", True).results["c2.r1"].reduction is None


def test_a_tenth_of_a_third_is_compared_exactly():
    """The norm is people ÷ 3; nine tenths of it is 0.3 × people, and neither has a last decimal."""
    rest = f"relaxation = {{ when = {OPEN}, within = 0.10 }}"
    check = "{ indicator = 'area', at_least = { of = 'people', per = 3 } }"
    assert outcome_of(check, {"area": "2.10", "people": 7, "open": True}, rest) == "relaxed"
    assert outcome_of(check, {"area": "2.09", "people": 7, "open": True}, rest) == "fail"


def test_a_relaxation_in_the_row_that_decides():
    rows = f"{{ when = {WIRED}, indicator = 'area', at_least = 100 }}, {{ indicator = 'area', at_least = 50 }}"
    check = f"{{ cases = [{rows}] }}"
    rest = f"relaxation = {{ when = {OPEN}, within = 0.10 }}"
    assert outcome_of(check, {"wired": True, "area": 90, "open": True}, rest) == "relaxed"
    assert outcome_of(check, {"wired": False, "area": 45, "open": True}, rest) == "relaxed"
    assert outcome_of(check, {"wired": False, "area": "44.99", "open": True}, rest) == "fail"


def test_a_clause_that_does_not_apply_is_not_passed():
    first = clause(1, f"check = {WIRED}", extra=f"applies = {OPEN}")
    edition = edition_from(first, RELAXED[1])
    found = judged(edition, ON, {"open": False, "area": 190})
    assert (found.clauses["c1"].outcome, found.results["c2.r1"].outcome) == ("not_applicable", "deviation")


def test_a_clause_with_a_failure_is_known_whatever_else_is_missing():
    first = clause(1, f"check = {WIRED}", f"check = {OPEN}")
    found = judged(edition_from(first, RELAXED[1]), ON, {"wired": False, "area": 190}).results["c2.r1"]
    assert (found.outcome, found.unknown) == ("deviation", frozenset())


def test_a_pending_clause_is_unknown():
    first = clause(1, f"check = {WIRED}\nrefer = {OPEN}")
    facts = {"wired": False, "open": True, "area": 190}
    edition = edition_from(first, RELAXED[1])
    assert judged(edition, ON, facts).results["c2.r1"].outcome == "missing"
    decided = judged(edition, ON, facts, determinations={"c1.r1": "accepted"})
    assert decided.results["c2.r1"].outcome == "relaxed"


@pytest.mark.parametrize(
    ("area", "decision", "outcome", "provisional", "accepted"),
    [
        ("190", None, "relaxed", True, False),
        ("190", "accepted", "relaxed", False, False),
        ("190", "refused", "deviation", False, False),
        ("100", None, "deviation", False, False),
        ("100", "accepted", "deviation", False, True),
        ("100", "refused", "deviation", False, False),
        ("200", "refused", "pass", False, False),
        (None, "accepted", "missing", False, False),
    ],
)
def test_a_reviewer_s_decision(area, decision, outcome, provisional, accepted):
    decisions = {"c2.r1": decision} if decision else {}
    result = relaxed(area, True, determinations=decisions).results["c2.r1"]
    assert (result.outcome, result.provisional, result.accepted) == (outcome, provisional, accepted)
    if area in ("190", "100"):
        assert result.main.shortfall == 200 - Decimal(area)


@pytest.mark.parametrize(
    ("force", "decision", "outcome"),
    [
        ("mandatory", "accepted", "pass"),
        ("mandatory", "refused", "fail"),
        ("norm", "refused", "deviation"),
        ("mandatory", None, "pending"),
    ],
)
def test_what_was_pending_is_decided(force, decision, outcome):
    edition = edition_of_check(WIRED, f"force = '{force}'\nrefer = {OPEN}")
    decisions = {"c1.r1": decision} if decision else {}
    found = judged(edition, ON, {"wired": False, "open": True}, determinations=decisions)
    assert found.results["c1.r1"].outcome == outcome


def test_a_failure_cannot_be_decided_away():
    found = judged(edition_of_check(OPEN), ON, {"open": False}, determinations={"c1.r1": "accepted"})
    assert found.results["c1.r1"].outcome == "fail"
