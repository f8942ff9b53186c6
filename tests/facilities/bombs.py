"""Workbooks that nobody should open, and seeded accidents to a good one. Tests and the bench use them."""

from __future__ import annotations

import random
import struct
import zipfile
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

from facilities.spreadsheets import reading
from facilities.spreadsheets.tables import Unreadable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = "xl/worksheets/sheet1.xml"


def good() -> bytes:
    book = Workbook()
    sheet: Any = book.active
    for row in range(1, 40):
        sheet.append([f"第{row}行", row, row / 7, row % 2 == 0])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(parts: dict[str, bytes]) -> bytes:
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return written.getvalue()


def with_sheet(inside: str) -> bytes:
    sheet = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}">{inside}</worksheet>'
    return zipped(parts_of(good()) | {SHEET: sheet.encode()})


def added(**parts: bytes) -> bytes:
    return zipped(
        parts_of(good()) | {name.replace("__", "/").replace("_o_", "."): each for name, each in parts.items()}
    )


# ── Bombs ─────────────────────────────────────────────────────────────────────


def flat() -> bytes:
    return added(xl__media__x_o_xml=b"\0" * 80_000_000)


def many_cells() -> bytes:
    """39 kB packed, 600,000 cells."""
    rows = f"<row>{'<c><v>1</v></c>' * 100}</row>" * 6_000
    return with_sheet(f"<sheetData>{rows}</sheetData>")


def nested() -> bytes:
    inner = flat()
    for _ in range(3):
        inner = zipped({f"{n}.zip": inner for n in range(4)})
    return added(xl__media__x_o_zip=inner)


def lying() -> bytes:
    """Declares a hundredth of its sizes."""
    content = bytearray(added(xl__media__x_o_xml=b"0" * 15_000_000))
    real = struct.pack("<L", 15_000_000)
    while (at := content.find(real)) >= 0:
        content[at : at + 4] = struct.pack("<L", 150_000)
    return bytes(content)


def overlapping() -> bytes:
    """Many names in the directory, one stretch of bytes for all of them."""
    packed = zlib.compress(b"0" * 4_000_000, 9)[2:-4]
    name = b"xl/media/0000.xml"
    head = (20, 0, 8, 0, 0, zlib.crc32(b"0" * 4_000_000), len(packed), 4_000_000, len(name), 0)
    body = struct.pack("<4s5H3L2H", b"PK\3\4", *head) + name + packed
    names = [b"[Content_Types].xml", b"xl/workbook.xml", *(b"xl/media/%04d.xml" % n for n in range(100))]
    directory = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, *head[:8], len(each), 0, 0, 0, 0, 0, 0) + each for each in names
    )
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, len(names), len(names), len(directory), len(body), 0)
    return body + directory + end


def many_sheets() -> bytes:
    book = Workbook()
    for _ in range(90):
        book.create_sheet()
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def giant_strings() -> bytes:
    """One text of a megabyte, shown by a hundred thousand cells."""
    strings = f'<sst xmlns="{MAIN}"><si><t>{"长" * 330_000}</t></si></sst>'
    shown = '<c t="s"><v>0</v></c>' * 100
    rows = f"<row>{shown}</row>" * 1_000
    parts = parts_of(with_sheet(f"<sheetData>{rows}</sheetData>"))
    return zipped(parts | {"xl/sharedStrings.xml": strings.encode()})


def much_merged() -> bytes:
    merged = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 600_000))
    return with_sheet(f"<sheetData/><mergeCells>{merged}</mergeCells>")


def far_away() -> bytes:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    return with_sheet(f'<dimension ref="A1:XFD1048576"/><sheetData>{cells}</sheetData>')


def locked() -> bytes:
    """As Excel writes a workbook with a password: an OLE file."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4096


def with_macro() -> bytes:
    return added(xl__vbaProject_o_bin=b"\xcc\x61" * 100)


def laughing() -> bytes:
    """Billion laughs."""
    laughs = "".join(f"<!ENTITY l{n} '" + f"&l{n - 1};" * 10 + "'>" for n in range(1, 10))
    sheet = f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet xmlns="{MAIN}">'
    rows = '<sheetData><row><c t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>'
    return zipped(parts_of(good()) | {SHEET: (sheet + rows).encode()})


def reaching_out() -> bytes:
    """XXE: a text that reads a file of the server."""
    head = f'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]><worksheet xmlns="{MAIN}">'
    rows = '<sheetData><row><c t="inlineStr"><is><t>&f;</t></is></c></row></sheetData></worksheet>'
    return zipped(parts_of(good()) | {SHEET: (head + rows).encode()})


def linked() -> bytes:
    return added(xl__externalLinks__externalLink1_o_xml=b"<externalLink/>")


def deep() -> bytes:
    """Elements within elements, millions deep."""
    return with_sheet("".join(f"<a{n * 7919 % 99991}>" for n in range(500_000)))


def in_other_letters() -> bytes:
    """A document type hidden in UTF-16."""
    sheet = '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY l "ha">]><worksheet/>'
    return zipped(parts_of(good()) | {SHEET: sheet.encode("utf-16")})


BOMBS: tuple[Callable[[], bytes], ...] = (
    flat,
    many_cells,
    nested,
    lying,
    overlapping,
    many_sheets,
    giant_strings,
    much_merged,
    far_away,
    locked,
    with_macro,
    laughing,
    reaching_out,
    linked,
    deep,
    in_other_letters,
)


# ── Accidents ─────────────────────────────────────────────────────────────────


def mutated(content: bytes, number: int, seed: int = 20261009) -> Iterator[bytes]:
    """``number`` accidents to a workbook, always the same: bytes of the file or of one of its parts changed, cut out,
    doubled; parts lost, swapped, emptied."""
    chance = random.Random(seed)
    parts = parts_of(content)
    for _ in range(number):
        if chance.random() < 0.4:
            yield _hurt(content, chance)
            continue
        name = chance.choice(list(parts))
        damaged = dict(parts)
        match chance.randrange(5):
            case 0:
                del damaged[name]
            case 1:
                damaged[name] = parts[chance.choice(list(parts))]
            case 2:
                damaged[name] = _respelt(parts[name], chance)
            case _:
                damaged[name] = _hurt(parts[name], chance)
        yield zipped(damaged)


def _hurt(content: bytes, chance: random.Random) -> bytes:
    hurt = bytearray(content)
    for _ in range(chance.choice((1, 3, 20))):
        at = chance.randrange(len(hurt) or 1)
        match chance.randrange(4):
            case 0:
                hurt[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del hurt[at : at + chance.randrange(1, 200)]
            case 2:
                hurt[at:at] = hurt[at : at + chance.randrange(1, 200)]
            case 3:
                hurt = hurt[:at] if chance.random() < 0.1 else hurt
    return bytes(hurt)


def _respelt(content: bytes, chance: random.Random) -> bytes:
    """XML that is still XML, with other figures and names in it."""
    old, new = chance.choice(
        [
            (b'r="A', b'r="ZZZ'),
            (b"<v>1", b"<v>1e999"),
            (b"<v>", b"<v>NaN"),
            (b't="s"', b't="d"'),
            (b't="n"', b't="e"'),
            (b't="s"', b't="b"'),
            (b"<v>", b"<v>-99999999999999999999"),
            (b's="1"', b's="99999"'),
            (b'r="1"', b'r="99999999999999999999"'),
            (b"sheet1", b"../../../../etc/hostname"),
            (b"<row", b"<row hidden='1'"),
            (b"<c ", b"<c><c "),
        ]
    )
    return content.replace(old, new)


def read_all(contents: list[bytes]) -> tuple[dict[str, int], int]:
    """In one child: how each of many workbooks ended, and the peak of memory in kB."""
    return dict(Counter(map(outcome, contents))), peak_kb()


def peak_kb() -> int:
    """The most memory that this process has held since it began to run its program. Not ``ru_maxrss``, which a child
    takes over from the parent that started it, however small it is itself."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM:"))


def outcome(content: bytes) -> str:
    try:
        reading.read("表.xlsx", content)
    except Unreadable as refused:
        return "refused" if "请" in str(refused) else str(refused)
    return "read"
