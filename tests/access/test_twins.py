"""Two areas that differ in a canary string only: no byte of one reaches the officers of the other."""

import re
import zipfile
from functools import cache
from io import BytesIO

import pytest
from pypdf import PdfReader

from tests.access.addresses import POSTED, address, cases, every_name, parameters

PLACE = {"A": "440402001", "B": "440403100"}
CANARY = {"A": "QXATWINQX", "B": "QXBTWINQX"}
STRANGERS = [
    ("A", "other"),
    ("A", "elsewhere"),
    ("A", "anonymous"),
    ("A", "disabled"),
    ("B", "own"),
    ("B", "district"),
]
#: pages that show their own people what is theirs: without these the test would prove nothing
SHOWING = [
    ("home", "-"),
    ("facilities:facilities", "-"),
    ("facilities:facility", "-"),
    ("assessments:survey", "sent"),
    ("assessments:survey", "draft"),
    ("assessments:clause", "draft"),
    ("assessments:changes", "draft"),
    ("assessments:check", "draft"),
    ("assessments:evidence", "draft"),
    ("assessments:evidence_file", "draft"),
    ("assessments:evidence_thumbnail", "sent"),
    ("assessments:receipt", "sent"),
    ("assessments:review", "sent"),
    ("reports:result", "sent"),
    ("reports:json", "sent"),
    ("reports:pdf", "sent"),
    ("reports:xlsx", "sent"),
    ("reports:checklist", "draft"),
    ("reports:dashboard_town", "-"),
    ("reports:behind_town", "-"),
    ("reports:comparison_town", "-"),
]

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture(autouse=True)
def papers_at_once(monkeypatch):
    """Read here, where in life a worker makes them and its officer alone gets them."""
    monkeypatch.setattr("reports.views.takes_long", lambda snapshot, format: False)


def shown_cases(name: str) -> list[str]:
    """Those in which there is something to give away."""
    return [case for case in cases(name) if case in ("-", "sent", "draft")]


def said(response) -> str:
    """Everything that left the server: headers, body, the text of a PDF, the parts of a workbook."""
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    body = response.body.decode("utf-8", "replace")
    if response.body.startswith(b"%PDF"):
        body += _paper(response.body)
    if response.body.startswith(b"PK"):
        body += _parts(response.body)
    return headers + body


@cache
def _paper(content: bytes) -> str:
    reader = PdfReader(BytesIO(content))
    written = [page.extract_text() for page in reader.pages]
    return "".join((*written, *map(str, (reader.metadata or {}).values()))).replace("\n", "")


@cache
def _parts(content: bytes) -> str:
    with zipfile.ZipFile(BytesIO(content)) as parts:
        return "".join(parts.read(name).decode("utf-8", "replace") for name in parts.namelist())


@pytest.mark.parametrize("name", every_name())
@pytest.mark.parametrize(("side", "stranger"), STRANGERS)
def test_no_byte_of_a_place_reaches_strangers(world, side, stranger, name):
    """At the place's own addresses and at those of its twin."""
    for code in PLACE.values():
        for case in shown_cases(name):
            for method in ("GET", "POST"):
                response = world.send(stranger, method, address(name, case, code), POSTED.get(name))
                assert CANARY[side] not in said(response), (method, address(name, case, code))


@pytest.mark.parametrize("asked", ["q=莲洲", "under=440403", "under=440403100", "unit=440403", "q=某", "page=2"])
@pytest.mark.parametrize("stranger", ["own", "district"])
@pytest.mark.parametrize("page", ["/facilities/", "/"])
def test_no_question_brings_it_out(world, page, stranger, asked):
    assert CANARY["B"] not in said(world.send(stranger, "GET", f"{page}?{asked}"))


@pytest.mark.parametrize(("name", "case"), SHOWING)
@pytest.mark.parametrize("principal", ["own", "district", "city", "viewer", "admin"])
def test_a_place_is_shown_to_its_own(world, principal, name, case):
    assert CANARY["A"] in said(world.send(principal, "GET", address(name, case, PLACE["A"])))


@pytest.mark.parametrize("stranger", ["own", "district"])
@pytest.mark.parametrize("name", [name for name in every_name() if "code" in parameters(name)])
def test_a_strangers_place_answers_as_one_that_does_not_exist(world, name, stranger):
    for case in shown_cases(name):
        for method in ("GET", "POST"):
            real, none = (
                world.send(stranger, method, address(name, case, code), POSTED.get(name))
                for code in (PLACE["B"], "440403999")
            )
            assert real.status_code == none.status_code
            assert masked(real) == masked(none)


def masked(response) -> str:
    """Without what differs from answer to answer anyway: the address itself and the token."""
    body = response.body.decode()
    body = re.sub(r"4404\d+", "…", body)
    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+', r"\1…", body)
