"""A child that reads what others send: it gives, it raises, and it is stopped."""

from __future__ import annotations

import math
import os
import pickle
from datetime import date
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest

from facilities.bounded import Exceeded, Suspicious, run_bounded


def test_it_gives_what_the_function_gives() -> None:
    assert run_bounded(math.sqrt, (4.0,), 2, 200) == 2.0


def test_it_raises_what_the_function_raises() -> None:
    with pytest.raises(ValueError, match=r"math domain error|nonnegative"):
        run_bounded(math.sqrt, (-4.0,), 2, 200)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(bytearray, (300 * 2**20,)), (sum, (range(10**12),)), (os.abort, ())],
    ids=["memory", "time", "death"],
)
def test_too_much_is_stopped(function: object, arguments: tuple[object, ...]) -> None:
    with pytest.raises(Exceeded):
        run_bounded(function, arguments, 1, 200)  # type: ignore[arg-type]  # any callable


def test_it_writes_no_file(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    with pytest.raises(OSError, match="File too large"):
        run_bounded(os.truncate, (str(tmp_path / "empty"), 10), 1, 200)


def test_a_child_in_foreign_hands_calls_nothing() -> None:
    """``os.system``, and a way round by what one of our modules has imported."""
    for call in (b"cos\nsystem\n", b"cfacilities.bounded\nsubprocess.run\n", b"cfacilities.bounded\nimport_module\n"):
        with pytest.raises(Exceeded):
            Suspicious(BytesIO(call + b"(S'true'\ntR.")).load()


def test_values_come_out() -> None:
    values = [date(2026, 1, 2), Decimal("1.50"), {"x": frozenset(["y"])}, b"z", None, True]
    assert Suspicious(BytesIO(pickle.dumps(values))).load() == values
