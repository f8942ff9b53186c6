"""附表2 as an OpenFisca tax-benefit system: an input variable for each fact, a formula for each requirement.

Every input is a whole number in its cheapest form: −1, the default, is an absent fact; yes is 1; a choice is its place
in the list; a checklist is a mask of bits; an area is in hundredths of a ㎡. Outcomes are numbers in such an order
that the least of two is Kleene's and."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from typing import Any

import numpy as np  # type: ignore[import-not-found]
from openfisca_core.entities import build_entity  # type: ignore[import-not-found]
from openfisca_core.periods import DateUnit  # type: ignore[import-not-found]
from openfisca_core.simulations import SimulationBuilder  # type: ignore[import-not-found]
from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # type: ignore[import-not-found]
from openfisca_core.variables import Variable  # type: ignore[import-not-found]

from bench.facts import AROUND, CHOICES, COUNTS, LISTS, TRUTHS, Raw
from bench.in_cel import IN_HUNDREDTHS, hundredths

FAIL, MISSING, PASS, NOT_APPLICABLE, RELAXED = range(5)
WORDS = ("fail", "missing", "pass", "not_applicable", "relaxed")
YEAR = "2026"
Formula = Callable[..., Any]
INPUTS = (*LISTS, *CHOICES, *TRUTHS, *COUNTS, *AROUND)


def mask_of(key: str, items: Sequence[str]) -> int:
    return sum(1 << LISTS[key].index(item) for item in items)


def found(fact: Any, holds: Any) -> Any:
    return np.where(fact < 0, MISSING, np.where(holds, PASS, FAIL))


def at_least(key: str, norm: int) -> Formula:
    return lambda office, year: found(office(key, year), office(key, year) >= norm)


def is_(key: str, wanted: int = 1) -> Formula:
    return lambda office, year: found(office(key, year), office(key, year) == wanted)


def one_of(key: str, *wanted: str) -> Formula:
    codes = [CHOICES[key].index(value) for value in wanted]
    return lambda office, year: found(office(key, year), np.isin(office(key, year), codes))


def includes(key: str, *items: str) -> Formula:
    mask = mask_of(key, items or LISTS[key])
    return lambda office, year: found(office(key, year), office(key, year) & mask == mask)


def every(*formulas: Formula) -> Formula:
    return lambda office, year: reduce(np.minimum, [formula(office, year) for formula in formulas])


def where(condition: Formula, formula: Formula) -> Formula:
    """not_applicable where the condition is false, missing where it is unknown."""

    def applied(office: Any, year: Any) -> Any:
        holds = condition(office, year)
        return np.select([holds == FAIL, holds == MISSING], [NOT_APPLICABLE, MISSING], formula(office, year))

    return applied


def banded(key: str, most: int, middle: int, least: int) -> Formula:
    def formula(office: Any, year: Any) -> Any:
        people, fact = office("resident_population", year), office(key, year)
        norm = np.select([people >= 90_000, people >= 60_000], [most, middle], least)
        return np.where((people < 0) | (fact < 0), MISSING, np.where(fact >= norm, PASS, FAIL))

    return formula


def ratio(office: Any, year: Any) -> Any:
    people, staff = office("served_population", year), office("staff_count", year)
    return np.where((people < 0) | (staff < 0), MISSING, np.where(staff >= -(-people // 10_000), PASS, FAIL))


def area(office: Any, year: Any) -> Any:
    """Exact: the reduction is cross-multiplied."""
    size = office("building_area", year)
    parts = [office(f"town_9_{part}", year) for part in ("county_line", "city_line", "software")]
    clause = reduce(np.minimum, parts)
    relaxed = np.choose(clause, [FAIL, MISSING, RELAXED])
    return np.select([size < 0, size >= 20_000, (20_000 - size) * 10 > 20_000], [MISSING, PASS, FAIL], relaxed)


PRIVATE_LINE = one_of("line_type", "专线")
FORMULAS: dict[str, Formula] = {
    "town.1.established": is_("established"),
    "town.2.area": area,
    "town.3.ratio": ratio,
    "town.3.minimum": at_least("staff_count", 5),
    "town.4.county_budget": is_("in_county_budget"),
    "town.4.town_budget": where(is_("town_has_own_budget"), is_("in_town_budget")),
    "town.5.services": includes("services_provided"),
    "town.5.one_stop": one_of("service_mode", "一站式", "一条龙", "两者"),
    "town.5.coverage": is_("covers_whole_jurisdiction"),
    **{f"town.6.{room}": includes("functional_areas", room) for room in LISTS["functional_areas"]},
    "town.7.screen": banded("screen_area", 1000, 400, 200),
    "town.7.computer": banded("computer_count", 7, 5, 3),
    "town.7.touch_screen": where(at_least("resident_population", 60_000), at_least("touch_screen_count", 1)),
    "town.7.social_card_reader": at_least("social_card_reader_count", 1),
    "town.7.id_card_reader": at_least("id_card_reader_count", 1),
    "town.7.barcode_scanner": at_least("barcode_scanner_count", 1),
    "town.7.fax": at_least("fax_count", 1),
    "town.7.printer": at_least("printer_count", 1),
    "town.7.fingerprint": at_least("fingerprint_count", 1),
    "town.7.filing_cabinet": at_least("filing_cabinet_count", 1),
    "town.7.principle": one_of("equip_principle_rating", "符合", "基本符合"),
    "town.7.practical": every(is_("selection_practical"), is_("installation_practical")),
    "town.7.no_luxury": is_("equip_luxury_found", 0),
    "town.8.rules": includes("rules_services"),
    "town.8.procedures": includes("procedure_services"),
    "town.8.standards": includes("standard_services"),
    "town.8.posted": is_("posted_on_wall"),
    "town.9.county_line": every(PRIVATE_LINE, is_("line_to_county")),
    "town.9.city_line": every(PRIVATE_LINE, is_("line_to_city")),
    "town.9.software": every(is_("software_installed"), is_("software_in_use")),
    "town.10.training": every(at_least("training_count", 1), includes("training_groups")),
}


def system() -> Any:
    office = build_entity(key="office", plural="offices", label="服务所", is_person=True)
    made = TaxBenefitSystem([office])
    for key in INPUTS:
        _add(made, office, key, default_value=-1)
    for key, formula in FORMULAS.items():
        _add(made, office, key.replace(".", "_"), formula=_method(formula))
    return made


def _add(made: Any, office: Any, name: str, **more: Any) -> None:
    shape = {"value_type": int, "entity": office, "definition_period": DateUnit.YEAR, "label": name}
    made.add_variable(type(name, (Variable,), shape | more))


def _method(formula: Formula) -> Formula:
    """OpenFisca looks at a formula's arguments and wants these two."""

    def formula_of_year(office: Any, period: Any) -> Any:
        return formula(office, period)

    return formula_of_year


def native(raws: Sequence[Raw]) -> dict[str, Any]:
    """Facts as OpenFisca takes them: an array for each input that anybody has."""
    known = [key for key in INPUTS if any(key in raw for raw in raws)]
    return {key: np.array([_code(key, raw.get(key)) for raw in raws], dtype=np.int32) for key in known}


def _code(key: str, value: Any) -> int:
    if value is None:
        return -1
    if key in LISTS:
        return mask_of(key, value)
    if key in CHOICES:
        return CHOICES[key].index(value)
    return hundredths(value) if key in IN_HUNDREDTHS else int(value)


def judge(made: Any, inputs: Mapping[str, Any], number: int) -> dict[str, Any]:
    """requirement → an array of outcomes, one for each of ``number`` offices."""
    simulation = SimulationBuilder().build_default_simulation(made, count=number)
    for key, values in inputs.items():
        simulation.set_input(key, YEAR, values)
    return {key: simulation.calculate(key.replace(".", "_"), YEAR) for key in FORMULAS}
