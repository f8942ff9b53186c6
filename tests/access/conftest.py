"""Twin areas, alike to the last answer but for a canary string, and everyone who might come to their pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from unittest.mock import patch
from uuid import uuid4

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.test import Client

from assessments import workflow
from assessments.answering import Edit, Given, save
from assessments.forms import Question
from assessments.models import Survey
from assessments.periods import opened_period
from assessments.scoring import standing_of
from facilities.loading import load_places
from facilities.models import Division, Facility, Fact, Officer, ReportingUnit
from reports.documents import json_of
from reports.pdf import pdf_of
from standards.loading import load_standards

NOW = "2026-11-10T02:00:00Z"  # a Tuesday in the fourth quarter
SIDES = {"A": ("440402001", "440402"), "B": ("440403100", "440403")}  # 翠香街道 in 香洲区, 莲洲镇 in 斗门区
CANARY = {"A": "QXATWINQX", "B": "QXBTWINQX"}
PRINCIPALS = ("anonymous", "own", "other", "district", "elsewhere", "city", "viewer", "admin", "disabled")


@dataclass
class World:
    """``keys``: principal → session key. ``own`` and ``district`` belong to A, ``other`` and ``elsewhere`` to B."""

    keys: dict[str, str] = field(default_factory=dict)
    browser: Client = field(default_factory=Client)  # one for all, since each new one builds all middleware

    def send(self, principal: str, method: str, url: str, data: dict | None = None):
        """One request with nothing but the principal's session, undone afterwards."""
        self.browser.cookies.clear()
        if principal in self.keys:
            self.browser.cookies[settings.SESSION_COOKIE_NAME] = self.keys[principal]
        with transaction.atomic():
            response = self.browser.post(url, data or {}) if method == "POST" else self.browser.get(url)
            response.body = b"".join(response.streaming_content) if response.streaming else response.content
            transaction.set_rollback(True)
        return response


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker):
    """Built once a module, in a transaction that is rolled back after it. Its tests are marked ``django_db``:
    without a marked test pytest-django makes no test database."""
    assert "test" in str(connection.settings_dict["NAME"])
    papers = patch("reports.views.pdf_of", _printed_once())
    with time_machine.travel(NOW, tick=False), django_db_blocker.unblock(), papers, transaction.atomic():
        yield _build()
        transaction.set_rollback(True)


def _printed_once():
    """The real ``pdf_of``, which takes seconds, once for each content."""
    kept: dict[bytes, bytes] = {}

    def printed(report):
        content = json_of(report)
        if content not in kept:
            kept[content] = pdf_of(report)
        return kept[content]

    return printed


def _build() -> World:
    load_places(settings.BASE_DIR / "fixtures" / "divisions")
    call_command("load_calendar", stdout=StringIO())
    load_standards(settings.BASE_DIR / "fixtures")
    officers = {side: _twin(side) for side in SIDES}
    world = World()
    for principal, officer in {
        "own": officers["A"][0],
        "other": officers["B"][0],
        "district": officers["A"][1],
        "elsewhere": officers["B"][1],
        "city": _officer("city"),
        "viewer": _officer("viewer"),
        "admin": _officer("admin"),
        "disabled": officers["A"][2],
    }.items():
        world.keys[principal] = _log_in(officer)
    Officer.objects.filter(pk=officers["A"][2].pk).update(is_active=False)
    return world


def _log_in(officer: Officer) -> str:
    client = Client()
    client.force_login(officer, backend="facilities.backends.OfficerBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


# ── A twin ────────────────────────────────────────────────────────────────────


def _twin(side: str) -> tuple[Officer, Officer, Officer]:
    """An area marked everywhere with its canary: surveyor, district reviewer, and a surveyor to be disabled."""
    code, unit = SIDES[side]
    _mark_names(side, code, unit)
    office = Facility.objects.get(code=code)
    _mark_facts(side, office)
    surveyor = _officer("surveyor", side, facility=office)
    _full(side, office, surveyor, 2)
    workflow.submit(_full(side, office, surveyor, 3), surveyor)
    _draft(side, office, surveyor)
    reviewer = _officer("reviewer", side, unit=ReportingUnit.objects.get(code=unit))
    return surveyor, reviewer, _officer("surveyor", side, facility=office)


def _officer(role: str, side: str = "", **place) -> Officer:
    name = CANARY.get(side, "市里")
    return Officer.objects.create(
        username=f"{role}{name}{Officer.objects.count()}", last_name=f"{name}某", role=role, **place
    )


def _mark_names(side: str, code: str, unit: str) -> None:
    """Of the unit, of its district and of everything in the area; a prefix, for pages that shorten."""
    mark = Concat(Value(CANARY[side]), "name")
    ReportingUnit.objects.filter(code=unit).update(name=mark)
    Division.objects.filter(Q(code=unit) | Q(code__startswith=code)).update(name=mark)
    Facility.objects.filter(code__startswith=code).update(name=mark)


def _mark_facts(side: str, office: Facility) -> None:
    facts = {"resident_population": 136000, "served_population": 98600, "served_population_basis": CANARY[side]}
    Fact.objects.bulk_create(
        Fact(facility=office, indicator=key, value=value, since=date(2025, 1, 1), source=CANARY[side])
        for key, value in facts.items()
    )


def _full(side: str, office: Facility, surveyor: Officer, quarter: int) -> Survey:
    """Every question answered, every answer with a note."""
    survey = workflow.begin(office, opened_period(2026, quarter), surveyor)
    questions = standing_of(survey).questionnaire.questions
    given = {key: Given(_value(question, side), note=CANARY[side]) for key, question in questions.items()}
    _save(survey, surveyor, given)
    return survey


def _draft(side: str, office: Facility, surveyor: Officer) -> None:
    """Carried over, one answer changed, one taken back, one that cannot be given."""
    survey = workflow.begin(office, opened_period(2026, 4), surveyor)
    changed = {
        "computer_count": Given(5, note=CANARY[side]),
        "printer_count": Given(),
        "staff_count": Given(None, reason=CANARY[side]),
    }
    _save(survey, surveyor, changed)


def _save(survey: Survey, surveyor: Officer, given: dict[str, Given]) -> None:
    questions = standing_of(survey).questionnaire.questions
    held = dict(survey.answers.values_list("indicator", "revision"))
    save(survey, surveyor, [Edit(questions[key], each, held.get(key, 0), uuid4()) for key, each in given.items()])


def _value(question: Question, side: str) -> object:
    """An answer that fits the question; of every choice the first, of a checklist everything."""
    match question.indicator.type:
        case "integer":
            return 9
        case "decimal":
            return f"200.{'0' * question.indicator.places}"
        case "boolean":
            return True
        case "choice":
            return question.choices[0].value
        case "choices":
            return [choice.value for choice in question.choices]
        case "date":
            return "2012-03-01"
    return f"{CANARY[side]}说明"
