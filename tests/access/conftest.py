"""Twin areas, alike to the last answer but for a canary string, and everyone who might come to their pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from io import BytesIO, StringIO
from unittest.mock import patch
from uuid import UUID, uuid4

import pytest
import time_machine
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import Q, Value
from django.db.models.functions import Concat
from django.template.loader import render_to_string
from django.test import Client
from PIL import Image

from assessments import beginning, workflow
from assessments.answering import Edit, Given, save
from assessments.evidence.receiving import sha256
from assessments.forms import Question
from assessments.models import (
    Adoption,
    Draw,
    DueSurvey,
    Evidence,
    EvidenceUse,
    Notice,
    Rectification,
    RectificationFile,
    Snapshot,
    SpotCheck,
    Survey,
    UnitDue,
)
from assessments.periods import opened_period
from assessments.spot_checks.drawing import Member, hash_of
from assessments.standings import standing_of
from facilities.lists import staging
from facilities.lists.kinds import KINDS
from facilities.loading import load_places
from facilities.models import (
    Division,
    ExtraRequest,
    Facility,
    FacilityRequest,
    Fact,
    Officer,
    Post,
    ReportingUnit,
    Upload,
)
from reports.documents import json_of
from reports.models import Appraisal, Bulletin, Job
from reports.pdf import pdf_of, printed
from reports.returns import workflow as returning
from reports.returns.files import file_of
from reports.returns.found import statement_of
from standards.loading import load_standards
from standards.models import Requirement, Standard
from tests.access.addresses import (
    ADOPTION,
    BULLETIN,
    DRAW,
    EXTRA,
    JOB,
    LIST_UPLOAD,
    NOTICE,
    POST,
    RECTIFICATION,
    REQUEST,
    UPLOAD,
    evidence_id,
)

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
    papers, sheets = (
        patch("reports.facility_files.pdf_of", _printed_once()),
        patch("reports.views.printed", _sheet_once()),
    )
    with time_machine.travel(NOW, tick=False), django_db_blocker.unblock(), papers, sheets, transaction.atomic():
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


def _sheet_once():
    """The real ``printed``, once for each text."""
    kept: dict[str, bytes] = {}

    def sheet(template, context):
        text = render_to_string(template, context)
        if text not in kept:
            kept[text] = printed(template, context)
        return kept[text]

    return sheet


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
    _sent_workbook(officers["A"][0])
    _asked(officers["A"][1])
    _sent_list(officers["A"][1])
    _drawn()
    Adoption.objects.create(
        pk=ADOPTION,
        standard="zhuhai_2011",
        division=Division.objects.get(code="4404"),
        subject="district",
        starts=date(2030, 1, 1),
        source="某文件",
    )
    Bulletin.objects.create(
        pk=BULLETIN, period=opened_period(2026, 3), issuer="某办公室", to="各区", begun_by=_officer("city")
    )
    Appraisal.objects.create(year=2026, begun_by=_officer("city"))
    Notice.objects.create(id=NOTICE, officer=officers["A"][0], key="remind", title=CANARY["A"], text=CANARY["A"])
    return world


def _asked(reviewer: Officer) -> None:
    """A's reviewer has asked for another name of the office."""
    FacilityRequest.objects.create(
        pk=REQUEST,
        kind="rename",
        unit=reviewer.unit,
        facility=Facility.objects.get(code=SIDES["A"][0]),
        name=f"{CANARY['A']}服务中心",
        effective=date(2026, 12, 1),
        reason=CANARY["A"],
        asked_by=reviewer,
    )


def _drawn() -> None:
    """Both offices, a draw and a check each; nobody inspects them yet."""
    city, period = _officer("city"), opened_period(2026, 3)
    for number, (code, unit) in enumerate(SIDES.values(), DRAW):
        frame = [[code, unit, "township"]]
        told = {"period": period, "seed": code, "share": 5, "minimum": 1, "frame": frame, "by": city}
        draw = Draw.objects.create(pk=number, frame_hash=hash_of([Member(*row) for row in frame]), **told)
        reported = Snapshot.objects.get(survey__facility__code=code, survey__period=period)
        place = {"facility": reported.survey.facility, "unit": ReportingUnit.objects.get(code=unit)}
        SpotCheck.objects.create(pk=number, draw=draw, subject="township", snapshot=reported, **place)


def _sent_list(reviewer: Officer) -> None:
    """A's reviewer has sent a list of facts in which one line can go in and one cannot."""
    head = ["code", "since", "source", "resident_population"]
    lines = [[SIDES["A"][0], "2026-02-01", CANARY["A"], "139000"], [SIDES["A"][0], "", CANARY["A"], "139000"]]
    content = "\n".join(",".join(line) for line in (head, *lines)).encode()
    sent = staging.stage(reviewer, KINDS["facts"], f"{CANARY['A']}.csv", content)
    Upload.objects.filter(pk=sent.pk).update(id=LIST_UPLOAD)


def _sent_workbook(surveyor: Officer) -> None:
    """A's surveyor has sent a workbook in which one line can go in and one cannot."""
    edit = {
        "key": "computer_count",
        "label": CANARY["A"],
        "where": "X7",
        "kind": "changed",
        "before": "",
        "after": "6 台",
    }
    said = {"value": 6, "reason": "", "note": "", "base": 2}
    line = {"row": 7, "code": SIDES["A"][0], "name": CANARY["A"], "why": "", "edits": [edit | said], "refused": []}
    rest = {"same": 0, "blanked": [], "written": {}}
    refused = line | {"row": 8, "edits": [], "why": CANARY["A"]}
    hash_ = Standard.objects.get(key="town_office").content_hash
    place = {"place": SIDES["A"][0], "place_name": CANARY["A"]}
    scope = {"period": "2026Q4", "subject": "township", "source": "附表2", "content_hash": hash_} | place
    counts = {"new": 0, "changed": 1, "same": 0, "refused": 1}
    Upload.objects.create(
        id=UPLOAD,
        kind="answers",
        name=f"{CANARY['A']}.xlsx",
        by=surveyor,
        scope=scope,
        rows=[line | rest, refused | rest],
        outcome={"counts": counts, "late": {}},
        total=1,
    )
    done = Job(id=JOB, kind="template", title=CANARY["A"], by=surveyor, state=Job.DONE, name=f"{CANARY['A']}.txt")
    done.content_type = "text/plain"
    done.file.save("jobs/one", ContentFile(CANARY["A"].encode()))


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
    _post(side, office, surveyor)
    reviewer = _officer("reviewer", side, unit=ReportingUnit.objects.get(code=unit))
    _returns(side, office, reviewer)
    _rectification(side, office, reviewer)
    return surveyor, reviewer, _officer("surveyor", side, facility=office)


def _post(side: str, office: Facility, surveyor: Officer) -> None:
    """One person on the roster, marked by name, certificate and number."""
    number = {"A": POST, "B": POST + 1}[side]
    marked = dict.fromkeys(("name", "certificate"), CANARY[side])
    told = {"phone": f"1380000{number}", "starts": date(2026, 3, 1), "kind": Post.PART_TIME}
    Post.objects.create(pk=number, facility=office, by=surveyor, **marked, **told)
    asked = {"A": EXTRA, "B": EXTRA + 1}[side]
    ExtraRequest.objects.create(pk=asked, facility=office, served=98600, actual=1, reason=CANARY[side], by=surveyor)


def _rectification(side: str, office: Facility, reviewer: Officer) -> None:
    """One of the third quarter, not begun."""
    survey = Survey.objects.get(facility=office, period=opened_period(2026, 3))
    item = Rectification.objects.create(
        pk={"A": RECTIFICATION, "B": RECTIFICATION + 1}[side],
        facility=office,
        unit=reviewer.unit,
        requirement=Requirement.objects.get(standard__key="town_office", key="town.7.computer"),
        snapshot=survey.snapshots.get(),
        found={"result": {"requirement": "town.7.computer", "outcome": "fail"}, "said": CANARY[side], "gap": ""},
        responsible=CANARY[side],
        due=date(2026, 10, 30),
    )
    item.acts.create(verb="opened", text=CANARY[side], by=reviewer)
    RectificationFile.objects.create(rectification=item, **_photo_of(side, evidence_id(office.code, ""), reviewer))


def _returns(side: str, office: Facility, reviewer: Officer) -> None:
    """季报: the third quarter's submitted and its files issued, the fourth's begun."""
    for quarter in (3, 4):
        period = opened_period(2026, quarter)
        DueSurvey.objects.get_or_create(
            period=period,
            facility=office,
            defaults={"unit": reviewer.unit, "subject": office.subject, "town": office.code},
        )
        UnitDue.objects.get_or_create(
            period=period,
            unit=reviewer.unit,
            defaults={"station_day": period.last_day, "office_day": period.last_day},
        )
        report = returning.begin(reviewer.unit, period, reviewer)
        texts = dict.fromkeys((*returning.PROSE, *returning.NAMES), CANARY[side])
        report = returning.write(report, reviewer, texts, report.revision)
        if quarter == 3:
            version = returning.submit(report, reviewer)
            for format in ("pdf", "xlsx"):
                file_of(statement_of(version), version, format)


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
    survey = beginning.begin(office, opened_period(2026, quarter), surveyor)
    questions = standing_of(survey).questionnaire.questions
    given = {key: Given(_value(question, side), note=CANARY[side]) for key, question in questions.items()}
    _save(survey, surveyor, given)
    _attach(side, survey)
    return survey


def _draft(side: str, office: Facility, surveyor: Officer) -> None:
    """Carried over, one answer changed, one taken back, one that cannot be given."""
    survey = beginning.begin(office, opened_period(2026, 4), surveyor)
    changed = {
        "computer_count": Given(5, note=CANARY[side]),
        "printer_count": Given(),
        "staff_count": Given(None, reason=CANARY[side]),
    }
    _save(survey, surveyor, changed)
    _attach(side, survey)


def _attach(side: str, survey: Survey) -> None:
    """A photo with the canary in its name and behind its picture; as it was sent, the same as the twin's."""
    key = evidence_id(survey.facility.code, survey.period.key)
    file = Evidence.objects.create(survey=survey, **_photo_of(side, key, survey.created_by))
    EvidenceUse.objects.create(evidence=file, clause="town.7")


def _photo_of(side: str, key: UUID, officer: Officer) -> dict[str, object]:
    content = tiny_photo() + CANARY[side].encode()
    stored = {part: default_storage.save(f"{key}{part}.jpg", ContentFile(content)) for part in ("", ".s")}
    return {
        "id": key,
        "operation": key,
        "kind": Evidence.IMAGE,
        "file": stored[""],
        "thumbnail": stored[".s"],
        "name": f"{CANARY[side]}.jpg",
        "size": len(content),
        "sent_hash": sha256(tiny_photo()),
        "content_hash": sha256(content),
        "by": officer,
    }


def tiny_photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (8, 6), (90, 140, 90)).save(out, "JPEG")
    return out.getvalue()


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
