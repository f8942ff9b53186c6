"""Several editions bound over one subject: words stay, numbers are told apart, what speaks of others is left out."""

from dataclasses import replace

from django.conf import settings

from standards.binding import bound
from standards.files import read_fixtures

EDITIONS = {edition.key: edition for edition in read_fixtures(settings.BASE_DIR / "fixtures").editions}
TOWN, PLAN = EDITIONS["town_office"], EDITIONS["zhuhai_2011"]


def test_one_that_speaks_of_nobody_else_is_given_as_it_is():
    assert bound([TOWN], "township") is TOWN
    assert bound([TOWN, PLAN], "township") is bound([TOWN, PLAN], "township")


def test_of_a_plan_only_what_names_the_subject():
    street = bound([PLAN], "township")
    assert all("township" in requirement.subjects for requirement in street.requirements)
    assert "zh.2" not in street.clause_by_key
    assert street.whole(street.clause_by_key["zh.3.1.1"]) is PLAN.clause_by_key["zh.3.1.1"]


def test_each_row_knows_its_edition():
    both = bound([TOWN, PLAN], "township")
    assert both.part_of("town.7") is TOWN
    assert both.part_of("zh.3.2") is PLAN
    assert (both.key, both.credit, both.basic_compliance) == (TOWN.key, TOWN.credit, TOWN.basic_compliance)
    assert both.indicators["staff_count"] is TOWN.indicators["staff_count"]


def test_a_number_that_both_have_is_told_apart():
    other = replace(TOWN, key="other", source="另一份", clauses=tuple(_renamed(clause) for clause in TOWN.clauses))
    numbers = [clause.number for clause in bound([TOWN, other], "township").clauses]
    assert len(set(numbers)) == 2 * len(TOWN.clauses)
    assert {"7", "另一份7"} <= set(numbers)


def _renamed(clause):
    requirements = tuple(replace(each, key=f"x.{each.key}") for each in clause.requirements)
    return replace(clause, key=f"x.{clause.key}", requirements=requirements)
