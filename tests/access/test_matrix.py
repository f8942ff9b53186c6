"""matrix.txt against the project: every address, everyone, GET and POST."""

from pathlib import Path

import pytest

from tests.access.addresses import POSTED, address, every_name

PRINCIPALS = ("anonymous", "own", "other", "district", "elsewhere", "city", "viewer", "admin", "disabled")
PLACE = "440402001"
LINES = (Path(__file__).parent / "matrix.txt").read_text(encoding="utf-8").splitlines()
ROWS = [line.split() for line in LINES if line and not line.startswith("#")]

pytestmark = pytest.mark.django_db


def test_every_address_is_in_the_matrix():
    assert {row[0] for row in ROWS} == set(every_name())


def test_every_row_says_what_everyone_gets():
    assert all(len(row) == 2 + len(PRINCIPALS) for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} {row[1]}")
def test_everyone_gets_what_the_matrix_says(world, row):
    name, case, *expected = row
    url = address(name, case, PLACE)
    got = [
        "/".join(answered(world.send(who, method, url, POSTED.get(name))) for method in ("GET", "POST"))
        for who in PRINCIPALS
    ]
    assert dict(zip(PRINCIPALS, got, strict=True)) == dict(zip(PRINCIPALS, expected, strict=True))


def answered(response) -> str:
    to_log_in = response.status_code == 302 and response.headers["Location"].startswith("/login/")
    return "login" if to_log_in else str(response.status_code)
