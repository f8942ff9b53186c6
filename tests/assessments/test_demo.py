"""The demonstration of the city: the same every time, every outcome somewhere, through the verbs that officers use."""

import tomllib
from collections import defaultdict
from datetime import date

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import transaction

from assessments.adopting import standards_in_force
from assessments.deadlines import due_of
from assessments.demo.city import City, Plan, fill_city
from assessments.demo.governed import fill_governed
from assessments.demo.rectifying import mend_before, mend_city
from assessments.demo.reviewing import review_city
from assessments.models import Change, Judgement, Rectification, Snapshot, Survey
from assessments.rectification_list import overdue
from assessments.scoring import facts_from
from assessments.snapshots import hash_of
from facilities.demo import load_demo as load_accounts
from facilities.loading import load_places
from standards.engine import judge
from standards.loading import edition_of, load_standards
from tests.assessments.adopted import adopt

FILE = settings.BASE_DIR / "fixtures" / "demo_surveys.toml"
CASES = settings.BASE_DIR / "tests" / "cases"
DAY = date(2026, 11, 22)
STREET = "440402002"
OTHERS = "44040300100"  # stations of another street


def prepare():
    call_command("load_calendar", verbosity=0)
    load_accounts(settings.BASE_DIR / "fixtures" / "demo.toml")


@pytest.fixture
def people(city):
    prepare()


@pytest.fixture(scope="module")
def filled(django_db_setup, django_db_blocker):
    """A street filled once for all the tests below, in a transaction that is rolled back after them."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_standards(settings.BASE_DIR / "fixtures")
        load_places(settings.BASE_DIR / "fixtures" / "divisions")
        prepare()
        yield list(fill_city(FILE, DAY, under=STREET))
        transaction.set_rollback(True)


@pytest.fixture
def street(filled, db):
    return filled


def test_every_outcome_that_the_cases_reach_occurs_somewhere(people):
    """The hand-worked cases say which outcomes a requirement can have; the city's submitted surveys have them."""
    editions = {subject: edition_of(each) for subject, each in standards_in_force(DAY).items()}
    reached = defaultdict(set)
    for (facility, quarter), given in City(Plan.read(FILE), DAY).said.items():
        edition = editions[facility.subject]
        facts = facts_from(edition, {key: each.value for key, each in given.items()})
        if quarter < 3:
            for key, result in judge(edition, facts, DAY, facility.subject).results.items():
                reached[key].add(result.outcome)
    missed = {key: outcomes - reached[key] for key, outcomes in worked_outcomes(editions).items()}
    assert {key: outcomes for key, outcomes in missed.items() if outcomes} == {}


def worked_outcomes(editions):
    wanted = defaultdict(set)
    for edition in editions.values():
        for case in tomllib.loads((CASES / f"{edition.key}.toml").read_text(encoding="utf-8"))["case"]:
            if "determinations" not in case:
                for key, expected in case.get("expect", {}).items():
                    wanted[key] |= {expected.get("outcome", "")} & {
                        "pass",
                        "fail",
                        "deviation",
                        "relaxed",
                        "pending",
                        "missing",
                    }
    return wanted


def test_three_quarters_are_submitted_and_the_current_one_is_part_filled(street):
    quarters = defaultdict(list)
    for survey in Survey.objects.select_related("period"):
        quarters[survey.period.key].append(survey.state)
    assert set(quarters) == {"2026Q1", "2026Q2", "2026Q3", "2026Q4"}
    assert all(set(states) == {"submitted"} for key, states in quarters.items() if key != "2026Q4")
    assert "draft" in quarters["2026Q4"]


def test_it_says_that_it_is_a_demonstration_and_when_it_was_sent(street):
    assert not Survey.objects.exclude(is_demo=True).exists()
    for snapshot in Snapshot.objects.select_related("survey__period"):
        assert snapshot.content["demo"] is True
        assert snapshot.content_hash == hash_of(snapshot.content)
        assert snapshot.content["submitted"]["at"][:10] <= DAY.isoformat()
        if snapshot.survey.period.key != "2026Q4":
            assert snapshot.at.date() > snapshot.survey.period.last_day - (DAY - date(2026, 11, 7))


def test_most_report_on_time(street):
    sent = list(Snapshot.objects.select_related("survey__period").filter(survey__period__quarter__lt=4))
    on_time = [snapshot for snapshot in sent if due_of(snapshot.survey.period).on_time(snapshot.at)]
    assert len(on_time) > 0.8 * len(sent)


def test_the_same_day_gives_the_same_city(people):
    plan = Plan.read(FILE)
    first, second = (City(plan, DAY, under=STREET).said for _ in range(2))
    assert first == second
    assert City(plan, date(2026, 8, 1), under=STREET).periods[-1].key == "2026Q3"


def test_loading_again_changes_nothing(street):
    before = (Survey.objects.count(), Change.objects.count(), Judgement.objects.count())
    assert all("0 份核查表" in said for said in fill_city(FILE, DAY, under=STREET))
    assert (Survey.objects.count(), Change.objects.count(), Judgement.objects.count()) == before


def test_the_units_differ_and_one_lags(people):
    shares = Plan.read(FILE).faults
    assert len(set(shares.values())) == len(shares)
    assert max(shares.values()) > 1.5 * sorted(shares.values())[-2]


def test_the_command_fills_as_of_the_day_that_it_is_told(people):
    """A day of the past gives its own quarters, and so does a leap of a year."""
    for day, quarters in (("2026-08-01", {"2026Q2", "2026Q3"}), ("2027-01-05", {"2026Q4", "2027Q1"})):
        Survey.objects.all().update(is_demo=False)
        call_command("load_demo", "--as-of", day, "--street", verbosity=0)
        made = Survey.objects.filter(is_demo=True).select_related("period")
        assert {survey.period.key for survey in made} == quarters


def test_refused_outside_demo_mode(city, settings):
    settings.DEMO = False
    with pytest.raises(CommandError, match="演示模式"):
        call_command("load_demo")


def test_where_the_plan_is_adopted_the_last_quarter_is_judged_by_both(people, tmp_path):
    adopt()
    list(fill_city(FILE, DAY, under=OTHERS))
    judged = defaultdict(set)
    made = Judgement.objects.filter(survey__facility__code__startswith=OTHERS)
    for judgement in made.select_related("survey__period", "standard"):
        judged[judgement.survey.period.key].add((judgement.standard.key, judgement.beside))
    assert judged["2026Q2"] == {("village_station", False)}
    assert judged["2026Q3"] == {("village_station", False), ("zhuhai_2011", True)}
    assert fill_governed(FILE, DAY)
    assert not fill_governed(FILE, DAY)
    governed = Judgement.objects.filter(survey__facility__code__endswith="G", beside=False, survey__state="accepted")
    assert {code for (code,) in governed.values_list("survey__facility__code")} == {
        "440402G",
        "440402100G",
        "440403G",
        "440404G",
        "4404G",
    }
    own = Survey.objects.get(facility__code="4404G")
    assert own.snapshots.get(kind="submitted").by != own.snapshots.get(kind="accepted").by

    list(review_city(FILE, DAY))
    what_was_found_short_is_mended(tmp_path / "mended.toml")


TOLD = (
    ("village.7.printer", "{ printer_count = 3 }", "closed", "true"),
    ("village.2.fixed", "{}", "open", "false"),
    ("village.8.rules", "{}", "doing", "false"),
    ("village.7.barcode_scanner", "{ barcode_scanner_count = 2 }", "evidenced", "false"),
    ("village.9.software", "{ software_in_use = true }", "returned", "false"),
    ("zh.3.2.village_printer", "{ printer_count = 3 }", "verified", "false"),
    ("zh.3.4.certified", "{}", "open", "false"),  # nobody is short of it
)
ENTRY = '[[mended]]\nunit = "440403"\nrequirement = "{}"\nfacts = {}\nstate = "{}"\nagain = {}\ndays = "5"\n'


def what_was_found_short_is_mended(file):
    file.write_text("".join(ENTRY.format(*told) for told in TOLD), encoding="utf-8")
    assert list(mend_before(file, DAY)) == ["2026年第二季度：整改 1 条"]
    assert list(mend_city(file, DAY)) == ["2026年第三季度：整改 6 条"]
    assert [*mend_before(file, DAY), *mend_city(file, DAY)] == []
    made = Rectification.objects.filter(is_demo=True, snapshot__survey__period__quarter=3)
    states = {item.requirement.key: item.state for item in made.select_related("requirement")}
    wanted = {key: state if state != "returned" else "doing" for key, _, state, _ in TOLD[:-1]}
    assert states == wanted
    again = made.exclude(earlier=None).get()
    assert (again.requirement.key, again.earlier.state) == ("village.7.printer", "closed")
    assert overdue(made, DAY).count() == 5
    due = due_of(again.snapshot.survey.period).day
    assert all(due < act.at.date() <= DAY for item in made for act in item.acts.all())
