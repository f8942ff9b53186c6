"""Heavy reading of what others send (pictures, PDFs, workbooks), in a child that may take so much time and so much
memory and no more, and writes no file.

The child is a fresh interpreter, never a fork of a server with threads. It imports the module of the function that it
is to run, so that module had better import neither Django nor anything slow. What goes in and comes out is pickled, and
what comes out is read with suspicion: plain values, dates, decimals, and our own dataclasses and exceptions, no more.
An exception of the function comes out too, if one text makes it (``Unreadable("……")``).
"""

from __future__ import annotations

import os
import pickle
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import is_dataclass
from importlib import import_module
from io import BytesIO
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, TypeVar

T = TypeVar("T")
ROOT = Path(__file__).resolve().parent.parent
AT_ONCE = BoundedSemaphore(2)  # a worker's threads take turns: memory is bounded for all of them together
#: Time is counted in seconds of the processor; on a crowded machine these take longer by the clock, so much at most.
CLOCK = 3
OURS = ("builtins", "facilities.", "assessments.")
PLAIN = {
    ("builtins", "set"),
    ("builtins", "frozenset"),
    ("builtins", "bytearray"),
    ("datetime", "date"),
    ("datetime", "datetime"),
    ("datetime", "timedelta"),
    ("datetime", "timezone"),
    ("decimal", "Decimal"),
}


class Exceeded(Exception):
    """The child took too much time or memory, or died."""


def run_bounded(function: Callable[..., T], arguments: tuple[Any, ...], seconds: int, megabytes: int) -> T:
    """What the function gives. Raises what it raises; Exceeded beyond ``seconds`` of the processor or ``megabytes``
    of address space (an interpreter with Pillow takes some 30 of them)."""
    job = pickle.dumps((function.__module__, function.__qualname__, arguments))
    # -B: writes no byte code. Its own session: Ctrl+C at the server does not reach it, the server ends it.
    command = [sys.executable, "-B", "-m", "facilities.bounded", str(seconds), str(megabytes)]
    with AT_ONCE:
        try:
            child = subprocess.run(  # noqa: S603 - our own interpreter, our own module
                command,
                input=job,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=seconds * CLOCK,
                cwd=ROOT,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired as late:
            raise Exceeded("time") from late
    if child.returncode:
        raise Exceeded(f"exit {child.returncode}")
    try:
        happened, given = Suspicious(BytesIO(child.stdout)).load()
    except Exception as broken:  # it wrote no answer, or one that we do not read
        raise Exceeded("answer") from broken
    if happened == "raised":
        raise given if isinstance(given, Exception) else Exceeded("answer")
    result: T = given
    return result


class Suspicious(pickle.Unpickler):
    """Whoever got hold of the child through a crafted file gets no further: nothing is made but values."""

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) in PLAIN:
            return getattr(import_module(module), name)
        found = getattr(import_module(module), name, None) if module.startswith(OURS) else None
        if isinstance(found, type) and found.__module__ == module and _is_value(found):
            return found
        raise Exceeded(f"{module}.{name} is no value")


def _is_value(found: type) -> bool:
    return is_dataclass(found) or issubclass(found, Exception)


# ── In the child ──────────────────────────────────────────────────────────────


def main() -> None:
    seconds, megabytes = int(sys.argv[1]), int(sys.argv[2])
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints is no answer
    limit(seconds, megabytes)
    try:
        answer.write(pickle.dumps(_done(*pickle.load(sys.stdin.buffer))))  # noqa: S301 - written by our own parent
        answer.flush()
    except MemoryError:
        os._exit(1)
    os._exit(0)  # no tidying up after a stranger's data


def limit(seconds: int, megabytes: int) -> None:
    size = megabytes * 1024 * 1024
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _done(module: str, name: str, arguments: tuple[Any, ...]) -> tuple[str, Any]:
    function = getattr(import_module(module), name)
    try:
        return "gave", function(*arguments)
    except MemoryError:
        raise
    except Exception as raised:  # it goes to the parent, which raises it
        return "raised", raised


if __name__ == "__main__":
    main()
