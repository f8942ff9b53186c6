"""Whatever a visitor writes, a log entry stays one line and one JSON object."""

import json
import logging

import pytest

from portal.logs import LineFormatter

HOSTILE = [
    "two\nlines",
    "carriage\r\nreturn",
    "escape \x1b[31mred\x1b[0m",
    "next line \x85 separator \u2028 paragraph \u2029",
    "direction \u202e reversed \u2066 isolated",
    "zero\u200bwidth \ufeff",
    'a "quote" and a \\ backslash',
    "null \x00 bell \x07 delete \x7f",
    "中文照样可读",
]


def line(message, **more):
    record = logging.LogRecord("portal", logging.WARNING, __file__, 1, "said %s", (message,), None)
    for name, value in more.items():
        setattr(record, name, value)
    return LineFormatter().format(record)


@pytest.mark.parametrize("message", HOSTILE)
def test_a_hostile_message_stays_one_line(message):
    written = line(message)
    assert len(written.splitlines()) == 1
    assert json.loads(written)["message"] == "said " + message
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in written)
    assert not any(character in written for character in "\u200b\u202e\u2066\u2028\ufeff")


def test_chinese_is_readable():
    assert "中文照样可读" in line("中文照样可读")


def test_a_trace_stays_within_its_line():
    try:
        raise ValueError("broken\nin two")
    except ValueError as error:
        written = line("x", exc_info=(type(error), error, error.__traceback__))
    assert len(written.splitlines()) == 1
    assert "ValueError" in json.loads(written)["trace"]


def test_the_time_is_utc():
    assert json.loads(line("x"))["time"].endswith("+00:00")
