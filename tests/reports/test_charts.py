from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.charts import bar, ruler


def test_the_ruler_of_the_mock_up():
    drawn = ruler(Decimal("186.00"), Decimal(200))
    assert (drawn.fill, drawn.tick, drawn.gap) == ("80.87", "86.96", "6.09")


def test_nothing_held_is_all_gap():
    drawn = ruler(Decimal(0), Decimal(1))
    assert (drawn.fill, drawn.gap) == ("0.00", drawn.tick)


def test_more_than_asked_has_no_gap_and_stays_inside():
    drawn = ruler(Decimal(12), Decimal(1))
    assert (drawn.fill, drawn.tick, drawn.gap) == ("100.00", "8.33", "")


def test_missing_is_a_track_with_its_tick_and_never_a_zero():
    drawn = ruler(None, Decimal(7))
    assert (drawn.fill, drawn.gap, drawn.tick) == ("0.00", "", "86.96")


@pytest.mark.parametrize("norm", [0, -1])
def test_a_norm_of_nothing_has_no_ruler(norm):
    assert ruler(Decimal(3), Decimal(norm)) is None


def test_a_bar_is_a_score_of_100():
    assert bar(Decimal("84.6")).fill == "84.60"
    assert bar(None).label == "不计分"


amounts = st.decimals(0, 10**9, places=2)


@given(amounts, st.decimals("0.01", 10**9, places=2))
def test_a_ruler_stays_in_its_drawing(actual, norm):
    drawn = ruler(actual, norm)
    assert 0 <= Decimal(drawn.fill) <= 100
    assert 0 <= Decimal(drawn.tick) <= 100
    assert Decimal(drawn.fill) + Decimal(drawn.gap or 0) <= Decimal("100.01")
