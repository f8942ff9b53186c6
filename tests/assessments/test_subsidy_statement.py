"""The statement opens to persons, months, days and sentences, and holds for any persons at all."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessments.subsidies.months import Stretch, cut, months_of
from assessments.subsidies.policy import CITY, read_policy
from assessments.subsidies.statement import statement
from assessments.subsidies.tenures import KINDS, Tenure

POLICY = read_policy(Path(__file__).parents[2] / "fixtures/subsidy.toml")
CENT = Decimal("0.01")
SUMS = ("city_due", "district_min", "held", "recover")
APRIL = Stretch(date(2026, 4, 1), date(2026, 4, 30))
thorough = settings(max_examples=150, deadline=None)


def rising(since, amount):
    """The city's rate for 专职 changed from a day on."""
    old = POLICY.rate("专职", CITY, since)
    return replace(POLICY, rates=(*POLICY.rates, replace(old, since=since, amount=Decimal(amount))))


def test_an_amount_opens_to_its_person_month_days_rate_and_sentence():
    tenures = [Tenure("甲", "专职", date(2026, 4, 16)), Tenure("乙", "兼职", date(2025, 1, 1), filed=False)]
    found = statement(tenures, POLICY, Stretch(date(2026, 4, 1), date(2026, 5, 31)))
    opened = {(month.person, month.month.first.month): month for month in found.months}
    assert opened.keys() == {("甲", 4), ("甲", 5), ("乙", 4), ("乙", 5)}
    [part] = opened["甲", 4].parts
    assert (part.days.first, part.days.days, opened["甲", 4].city_due) == (date(2026, 4, 16), 15, Decimal("500.00"))
    assert part.city.sentence.quote.endswith("市级财政按专职人数给予每人每月工资补助1000元")
    assert (opened["甲", 4].flags, opened["乙", 5].flags) == (("partial_month",), ("unfiled",))
    assert sum(month.city_due for month in found.months) == found.city_due == Decimal("3100.00")


def test_what_is_not_paid_keeps_its_days_and_every_reason():
    extra = Tenure("乙", "专职", date(2026, 4, 10), extra=True, served=Decimal(8000))
    found = statement([extra], POLICY.counting_extra(False), APRIL)
    [unpaid] = found.months[0].unpaid
    assert (unpaid.tenure, unpaid.days.days) == (extra, 21)
    assert unpaid.reasons == ("extra_below_threshold", "extra_unapproved", "extra_switched_off")
    assert found.flags == ("extra_below_threshold", "extra_unapproved")


def test_a_post_that_gives_way_to_another_says_so():
    both = [Tenure("甲", kind, date(2026, 1, 1), community=kind) for kind in KINDS]
    [month] = statement(both, POLICY, APRIL).months
    assert [part.tenure.kind for part in month.parts] == ["专职"]
    assert [(unpaid.tenure.kind, unpaid.reasons) for unpaid in month.unpaid] == [("兼职", ("duplicate_person",))]


def test_a_rate_that_changes_within_a_month_counts_by_days_and_is_flagged():
    found = statement([Tenure("甲", "专职", date(2025, 1, 1))], rising(date(2026, 4, 16), 1200), APRIL)
    assert (found.city_due, found.district_min) == (Decimal("1100.00"), Decimal("1000.00"))
    assert found.flags == ("partial_month",)
    assert [part.city.amount for part in found.months[0].parts] == [1000, 1200]


def test_a_rate_that_changes_with_a_month_leaves_whole_months():
    found = statement([Tenure("甲", "专职", date(2025, 1, 1))], rising(date(2026, 4, 1), 1200), APRIL)
    assert (found.city_due, found.flags) == (Decimal("1200.00"), ())


def test_the_switch_and_the_line_of_extra_staff_hold_from_their_day():
    [rule] = POLICY.extras
    later = replace(POLICY, extras=(rule, replace(rule, since=date(2026, 4, 11), count=False)))
    extra = Tenure("乙", "专职", date(2025, 1, 1), extra=True, approved=True, served=Decimal(8001))
    assert statement([extra], later, APRIL).city_due == Decimal("333.33")


def test_a_public_servant_in_one_post_is_one_in_all():
    posts = [
        Tenure("甲", "兼职", date(2025, 1, 1), public_servant=True, pay=Decimal(300)),
        Tenure("甲", "兼职", date(2025, 1, 1), pay=Decimal(200)),
    ]
    found = statement(posts, POLICY, APRIL)
    assert (found.city_due, found.recover) == (0, Decimal("500.00"))


def test_two_posts_described_alike_are_two():
    alike = {"start": date(2026, 4, 16), "public_servant": True, "pay": Decimal(300)}
    found = statement([Tenure("甲", "兼职", **alike), Tenure("甲", "兼职", **alike)], POLICY, APRIL)
    assert (found.recover, "partial_month" in found.flags) == (Decimal("300.00"), True)


def test_months_and_cuts_cover_every_day_once():
    stretch = Stretch(date(2024, 1, 31), date(2024, 4, 1))
    assert [month.days for month in months_of(stretch)] == [1, 29, 31, 1]
    pieces = list(cut(stretch, [date(2024, 2, 1), date(2024, 1, 31), date(2024, 4, 1), date(2024, 4, 2)]))
    assert [piece.days for piece in pieces] == [1, 60, 1]


def test_the_last_day_of_the_calendar_is_no_trouble():
    period = Stretch(date(9999, 12, 1), date.max)
    assert statement([Tenure("甲", "专职", date(9999, 12, 1), date.max)], POLICY, period).city_due == 1000


DAYS = st.dates(date(2025, 12, 15), date(2026, 7, 15))


@st.composite
def tenures(draw):
    start = draw(DAYS)
    return Tenure(
        person=draw(st.sampled_from("甲乙")),
        kind=draw(st.sampled_from(KINDS)),
        start=start,
        end=draw(st.none() | st.integers(0, 90).map(lambda days: start + timedelta(days=days))),
        community=draw(st.sampled_from(["", "紫荆", "康宁"])),
        filed=draw(st.booleans()),
        public_servant=draw(st.booleans()),
        pay=draw(st.none() | st.decimals(0, 500, places=2)),
        extra=draw(st.booleans()),
        approved=draw(st.booleans()),
        served=draw(st.none() | st.sampled_from([Decimal(7999), Decimal(8000), Decimal(8001)])),
    )


PERSONS = st.lists(tenures(), max_size=6)


@st.composite
def periods(draw):
    first = draw(st.dates(date(2026, 1, 1), date(2026, 6, 30)))
    return Stretch(first, draw(st.dates(first, date(2026, 6, 30))))


@thorough
@given(PERSONS, periods(), st.integers(1, 5))
def test_adjoining_periods_cut_at_the_end_of_a_month_add_up(persons, period, month):
    cut_after = date(2026, month, monthrange(2026, month)[1])
    if not period.first <= cut_after < period.last:
        return
    halves = Stretch(period.first, cut_after), Stretch(cut_after + timedelta(days=1), period.last)
    whole = statement(persons, POLICY, period)
    parts = [statement(persons, POLICY, half) for half in halves]
    for name in SUMS:
        assert getattr(whole, name) == sum(getattr(part, name) for part in parts)
    assert set(whole.flags) == {flag for part in parts for flag in part.flags}


@thorough
@given(PERSONS, periods(), st.none() | st.decimals(0, 20000, places=2))
def test_nothing_is_negative_or_finer_than_a_cent_and_no_more_is_held_than_is_due(persons, period, paid):
    found = statement(persons, POLICY, period, paid)
    for name in SUMS:
        assert getattr(found, name) >= 0
        assert getattr(found, name).quantize(CENT) == getattr(found, name)
    assert found.held <= found.city_due
    assert (found.district_shortfall is None) is (paid is None)
    assert found.district_shortfall is None or found.district_shortfall >= 0


@thorough
@given(PERSONS.flatmap(lambda persons: st.tuples(st.just(persons), st.permutations(persons))), periods())
def test_the_order_of_persons_does_not_matter(orders, period):
    one, other = (statement(persons, POLICY, period) for persons in orders)
    assert [(getattr(one, name), one.flags) for name in SUMS] == [(getattr(other, name), other.flags) for name in SUMS]


@thorough
@given(PERSONS, periods())
def test_it_equals_a_recount_day_by_day(persons, period):
    found = statement(persons, POLICY, period)
    assert (found.city_due, found.held, found.recover) == recount(persons, period)


def recount(persons, period):
    """Another way to the same: every day of every person asked by itself, with the numbers of the plan."""
    due, held, pay = {}, {}, {}
    for offset in range((period.last - period.first).days + 1):
        day = period.first + timedelta(days=offset)
        month_days = monthrange(day.year, day.month)[1]
        for person in {tenure.person for tenure in persons}:
            there = [each for each in persons if each.person == person and each.covers(day)]
            servant = any(each.public_servant for each in there)
            barred = [each for each in there if servant and each.kind == "兼职"]
            worth = {
                (1000 if each.kind == "专职" else 800, each.filed) for each in there if each not in barred and may(each)
            }
            for each in barred:
                key = (id(each), day.month, month_days)
                pay[key] = pay.get(key, 0) + (each.pay or 0)
            if worth:
                rate, filed = max(worth)
                key = (person, day.month, month_days)
                due[key] = due.get(key, 0) + rate
                held[key] = held.get(key, 0) + (0 if filed else rate)
    return tuple(rounded(sums) for sums in (due, held, pay))


def may(tenure):
    return not tenure.extra or (tenure.approved and tenure.served is not None and tenure.served > 8000)


def rounded(sums):
    money = (Decimal(total) / days for (_, _, days), total in sums.items())
    return sum((amount.quantize(CENT, ROUND_HALF_UP) for amount in money), Decimal("0.00"))


@pytest.mark.parametrize("end", [date(2026, 4, 9), date(2025, 1, 1)])
def test_an_end_before_the_start_counts_for_nothing(end):
    assert statement([Tenure("甲", "专职", date(2026, 4, 10), end)], POLICY, APRIL).city_due == 0
