"""The blind survey and its end: saved page by page, nothing overwritten, compared and judged once, rates recounted."""

from collections import Counter
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied

from assessments import rectifying
from assessments.answering import Edit, Given
from assessments.derived import derived_of
from assessments.mended import mended_of
from assessments.models import Change, Period, Rectification, SpotCheck, SpotDifference
from assessments.refusals import Overtaken, Refused
from assessments.spot_checks import inspectors, surveying
from assessments.spot_checks.rates import difference_rates_by_quarter, rates_of
from assessments.spot_checks.rectifying import open_all
from assessments.workflow import Incomplete
from facilities.models import Division, Facility, Officer, ReportingUnit
from tests.spot_checks.conftest import finished, fresh, reported, say

pytestmark = pytest.mark.django_db
KEY = "town.7.computer"


def edit(check, key, value, base):
    asked = surveying.standing_of(fresh(check)).questionnaire.questions
    return Edit(asked[key], Given(value), base, uuid4())


def differing(check):
    return set(check.differences.filter(differs=True).values_list("indicator", flat=True))


# ── Saving ────────────────────────────────────────────────────────────────────


def test_what_is_saved_is_in_the_database_and_says_who_and_when(check, inspector):
    say(check, inspector, computer_count=5)
    kept = fresh(check)
    told = kept.answers["computer_count"]
    assert (told["value"], told["revision"], told["by"]) == (5, 1, inspector.pk)
    assert (kept.state, kept.began_at is not None) == (SpotCheck.DOING, True)


def test_an_older_page_overwrites_nothing(check, inspector):
    say(check, inspector, computer_count=5)
    saved = surveying.save(check, inspector, [edit(check, "computer_count", 6, 0), edit(check, "printer_count", 1, 0)])
    assert [conflict.theirs.value for conflict in saved.conflicts] == [5]
    assert {key: told["value"] for key, told in fresh(check).answers.items()} == {
        "computer_count": 5,
        "printer_count": 1,
    }


def test_an_older_page_that_was_not_touched_is_no_conflict(check, inspector):
    say(check, inspector, computer_count=5)
    say(check, inspector, computer_count=6)
    stale = [edit(check, "computer_count", 5, 1)]
    assert surveying.save(check, inspector, stale).conflicts == []
    assert fresh(check).answers["computer_count"]["value"] == 6
    assert surveying.save(check, inspector, [edit(check, "computer_count", None, 0)]).conflicts == []
    assert surveying.save(check, inspector, [edit(check, "computer_count", 4, 0)]).conflicts != []


def test_what_is_sent_twice_is_saved_once(check, inspector):
    twice = edit(check, "computer_count", 5, 0)
    for _ in range(2):
        assert surveying.save(check, inspector, [twice]).conflicts == []
    assert fresh(check).answers["computer_count"]["revision"] == 1


def test_only_the_inspector_saves_and_finishes(check, officers, inspector):
    for name, who in officers.items():
        if name == "stranger":
            continue
        with pytest.raises(PermissionDenied):
            surveying.save(check, who, [edit(check, "computer_count", 5, 0)])
        with pytest.raises(PermissionDenied):
            surveying.finish(check, who)
    assert fresh(check).answers == {}


def test_who_was_moved_into_the_unit_goes_no_further(check, inspector):
    Officer.objects.filter(pk=inspector.pk).update(unit=check.unit)
    inspector.refresh_from_db()
    with pytest.raises(PermissionDenied, match="改派"):
        say(check, inspector, computer_count=5)


# ── The end ───────────────────────────────────────────────────────────────────


def test_it_is_not_finished_while_something_that_matters_is_open(check, inspector):
    with pytest.raises(Incomplete):
        surveying.finish(check, inspector)
    say(check, inspector, **{key: value for key, value in reported().items() if key != "computer_count"})
    with pytest.raises(Incomplete) as open_:
        surveying.finish(check, inspector)
    assert [question.key for question in open_.value.questions] == ["computer_count"]
    say(check, inspector, computer_count=None)
    assert surveying.finish(check, inspector).state == SpotCheck.DONE


def test_what_is_finished_stays(check, inspector, bureau):
    once = finished(check, inspector)
    again = surveying.finish(check, inspector)
    assert (again.finished_at, again.differences.count()) == (once.finished_at, once.differences.count())
    with pytest.raises(Overtaken):
        say(check, inspector, computer_count=9)
    with pytest.raises(Overtaken):
        inspectors.assign(check, bureau, str(bureau.pk))


def test_the_place_is_kept_and_not_endless(check, inspector):
    say(check, inspector, **reported())
    with pytest.raises(Refused):
        surveying.finish(check, inspector, "地" * 101)
    assert surveying.finish(check, inspector, " 翠香  路1号 ").place == "翠香 路1号"


# ── Differences ───────────────────────────────────────────────────────────────


def test_a_check_that_agrees_has_no_difference(check, inspector):
    done = finished(check, inspector)
    assert done.differences.count() > 30
    assert differing(done) == set()
    assert done.judged["judgement"] == check.snapshot.judgements.get().content


def test_any_difference_of_counts_choices_and_dates_tells(check, inspector):
    done = finished(check, inspector, computer_count=2)
    assert differing(done) == {"computer_count"}
    [row] = done.differences.filter(differs=True)
    assert (row.reported["value"], row.found["value"], row.clause) == (3, 2, "town.7")


@pytest.mark.parametrize(
    ("found", "differs"),
    [("180.50", False), ("180.51", True), ("179.50", False), ("179.49", True), ("181.80", True)],
)
def test_an_area_has_a_tolerance(check, inspector, found, differs):
    done = finished(check, inspector, building_area=found)
    assert ("building_area" in differing(done)) is differs


def test_what_the_inspector_could_not_see_is_not_compared(check, inspector):
    done = finished(check, inspector, computer_count=None)
    assert not done.differences.filter(indicator="computer_count").exists()


def test_free_texts_are_not_compared(check, inspector):
    done = finished(check, inspector, served_population_basis="另一种写法", other_equipment="别的")
    assert differing(done) == set()


def test_a_difference_names_who_reported_it_last(check, inspector):
    survey = check.snapshot.survey
    done = finished(check, inspector, computer_count=2)
    by = dict(Change.objects.filter(survey=survey).order_by("revision").values_list("indicator", "by"))
    assert {row.surveyor_id for row in done.differences.all()} <= set(by.values())
    assert done.differences.get(indicator="computer_count").surveyor_id == by["computer_count"]


def test_rates_equal_a_count_by_hand(check, draw, inspector, period):
    finished(check, inspector, computer_count=2, printer_count=9)
    rows = SpotDifference.objects.select_related("spot_check")
    whole, part = Counter(), Counter()
    for row in rows:
        for key in (("unit", row.spot_check.unit_id), ("clause", row.clause), ("by", row.surveyor_id), "all"):
            whole[key] += 1
            part[key] += row.differs
    unit = ReportingUnit.objects.get(code="440402")
    assert difference_rates_by_quarter([period]) == {
        period.pk: {unit.pk: (part["unit", unit.pk], whole["unit", unit.pk])}
    }
    assert difference_rates_by_quarter([]) == {}
    rates = rates_of(draw.checks.all())
    assert (rates.total.differing, rates.total.compared) == (part["all"], whole["all"]) == (2, len(rows))
    assert sum(rate.differing for rate in rates.rows) == 2
    assert rates.surveyors == []
    exact = Decimal(200) / len(rows)
    assert abs(Decimal(rates.total.text.rstrip("%")) - exact) <= Decimal("0.05")


def test_of_nothing_there_is_no_rate(draw):
    assert (rates_of(draw.checks.all()).total.text, rates_of(draw.checks.all()).units) == ("—", [])


# ── Rectification ─────────────────────────────────────────────────────────────


def test_what_was_found_is_mended_upon_what_was_found(check, inspector, bureau, officers):
    done = finished(check, inspector, computer_count=1)
    with pytest.raises(PermissionDenied):
        open_all(done, inspector, [KEY], "服务所", "10")
    [item] = open_all(fresh(done), bureau, [KEY], "服务所", "10")
    item = Rectification.objects.select_related("spot_check", "snapshot", "requirement__standard").get(pk=item.pk)
    assert item.spot_check == done
    mended = mended_of(item)
    assert (mended.before["computer_count"], mended.values["computer_count"]) == (1, 1)
    who = Officer.objects.get(username="s440402001")
    rectifying.take(item, who)
    rectifying.give_evidence(item, who, {"computer_count": 30}, "新购")
    rectifying.verify(item, officers["reviewer"])
    rectifying.close(item, officers["reviewer"])
    assert rectifying.held(item).state == Rectification.CLOSED


def test_before_it_is_finished_nothing_is_opened(check, bureau):
    with pytest.raises(PermissionDenied):
        open_all(check, bureau, [KEY], "服务所", "10")


def test_the_citys_survey_is_told_of_the_newest_inspection_without_names(check, inspector, draw):
    body = Facility.objects.create(
        code="4404G", name="珠海市人民政府", subject="city", division=Division.objects.get(code="4404")
    )
    keys = ("inspected_on", "inspection_findings")
    assert derived_of([body], draw.period, keys) == {}
    done = finished(check, inspector, computer_count=2)
    assert derived_of([body], draw.period, keys) == {}  # finished after that quarter
    found = derived_of([body], Period(year=2026, quarter=4), keys)[body.pk]
    compared = done.differences.count()
    assert rates_of(SpotCheck.objects.all()).total.differing == 1
    assert [found[key].value for key in keys] == [
        "2026-10-14", f"抽查编号 {draw.pk}，办结 1 家，比较 {compared} 项，不一致 1 项",
    ]  # fmt: skip
