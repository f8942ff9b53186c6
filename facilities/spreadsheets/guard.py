"""What an .xlsx may be before anything reads it: a plain zip of so many parts, of so much text, with no surprises.

Sizes are counted while unpacking; what the archive declares is only compared with it. Runs in the bounded child."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from io import BytesIO

from facilities.spreadsheets.tables import Unreadable

MOST_ENTRIES = 200
MOST_BYTES = 20 * 1024 * 1024
MOST_RATIO = 100  # unpacked ÷ packed; text of a sheet reaches some 20
SMALL = 256 * 1024  # below this no ratio is dangerous
CHUNK = 64 * 1024
LOCAL_HEADER = struct.Struct("<4s5H3L2H")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

NOT_A_WORKBOOK = "这不是 Excel 工作簿（.xlsx）。请用 Excel 或 WPS 打开，另存为“Excel 工作簿（.xlsx）”，再上传。"
OLD_OR_LOCKED = "这个文件设了打开密码，或者是旧版格式（.xls）。请取消密码，另存为“Excel 工作簿（.xlsx）”，再上传。"
LOCKED = "这个文件加了密。请取消密码，另存为“Excel 工作簿（.xlsx）”，再上传。"
BROKEN = "这个文件已损坏，打不开。请用 Excel 或 WPS 打开原文件，另存为“Excel 工作簿（.xlsx）”，再上传。"
TOO_LARGE = "文件超过 5 MB。请删掉图片和用不到的工作表，再上传。"
TOO_MUCH = "文件展开后太大。请重新下载模板，只把内容粘贴过去（选择性粘贴→数值），再上传。"
TOO_MANY_PARTS = "文件里夹带的内容太多（图片、图表或附件）。请重新下载模板，只把内容粘贴过去，再上传。"
ATTACHED = "文件里夹带了别的文件（附件），不能导入。请删掉附件，保存后再上传。"
MACROS = "文件里有宏，不能导入。请另存为不带宏的“Excel 工作簿（.xlsx）”，再上传。"
LINKS = "文件里有指向其他文件的链接，不能导入。请把内容“选择性粘贴→数值”，在“数据→编辑链接”里断开链接，保存后再上传。"


def parts_of(content: bytes) -> dict[str, bytes]:
    """The XML parts of a workbook by name, unpacked. Raises Unreadable for whatever else the file is."""
    if content.startswith(OLE):
        raise Unreadable(OLD_OR_LOCKED)
    try:
        entries = _entries(content)
        _refuse_company({entry.filename for entry in entries})
        parts = dict(_unpacked(content, entries))
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, UnicodeDecodeError) as broken:
        raise Unreadable(BROKEN) from broken
    _refuse_hidden_meaning(parts)
    return parts


def _entries(content: bytes) -> list[zipfile.ZipInfo]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = sorted(archive.infolist(), key=lambda entry: entry.header_offset)
    if len(entries) > MOST_ENTRIES:
        raise Unreadable(TOO_MANY_PARTS)
    if any(entry.flag_bits & 1 for entry in entries):
        raise Unreadable(LOCKED)
    if len({entry.filename.lower() for entry in entries}) < len(entries):
        raise Unreadable(BROKEN)
    return entries


def _refuse_company(names: set[str]) -> None:
    """By their names: what no table needs."""
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Unreadable(NOT_A_WORKBOOK)
    if any("vbaproject" in name.lower() or "macrosheets/" in name.lower() for name in names):
        raise Unreadable(MACROS)
    if any(name.startswith(("xl/externalLinks/", "xl/connections", "xl/queryTables/")) for name in names):
        raise Unreadable(LINKS)


def _unpacked(content: bytes, entries: list[zipfile.ZipInfo]) -> Iterator[tuple[str, bytes]]:
    """Every entry is unpacked and counted; those of XML are given. None may lie over another, as in a bomb whose
    entries share their bytes."""
    free, total = 0, 0
    for entry in entries:
        start = _start(content, entry)
        if entry.header_offset < free:
            raise Unreadable(BROKEN)
        free = start + entry.compress_size
        if free > len(content):
            raise Unreadable(BROKEN)
        unpacked = _inflated(content[start:free], entry, MOST_BYTES - total)
        total += len(unpacked)
        if unpacked.startswith((b"PK\x03\x04", OLE)):
            raise Unreadable(ATTACHED)
        if entry.filename.endswith((".xml", ".rels")):
            yield entry.filename, unpacked


def _start(content: bytes, entry: zipfile.ZipInfo) -> int:
    header = LOCAL_HEADER.unpack_from(content, entry.header_offset)
    if header[0] != b"PK\x03\x04" or header[3] != entry.compress_type:
        raise Unreadable(BROKEN)
    return entry.header_offset + LOCAL_HEADER.size + int(header[9]) + int(header[10])


def _inflated(packed: bytes, entry: zipfile.ZipInfo, room: int) -> bytes:
    """Bytes that there really are. Raises Unreadable where they are too many, or not those that were declared."""
    if entry.compress_type == zipfile.ZIP_STORED:
        unpacked = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        unpacked = _deflated(packed, room)
    else:
        raise Unreadable(BROKEN)
    if len(unpacked) > room:
        raise Unreadable(TOO_MUCH)
    if len(unpacked) != entry.file_size or zlib.crc32(unpacked) != entry.CRC:
        raise Unreadable(BROKEN)
    return unpacked


def _deflated(packed: bytes, room: int) -> bytes:
    most = min(room, max(len(packed) * MOST_RATIO, SMALL))
    unpacking, unpacked = zlib.decompressobj(-zlib.MAX_WBITS), bytearray()
    while packed and not unpacking.eof:
        unpacked += unpacking.decompress(packed, CHUNK)
        packed = unpacking.unconsumed_tail
        if len(unpacked) > most:
            raise Unreadable(TOO_MUCH)
    unpacked += unpacking.flush()
    if not unpacking.eof or unpacking.unused_data:
        raise Unreadable(BROKEN)
    return bytes(unpacked)


def _refuse_hidden_meaning(parts: Mapping[str, bytes]) -> None:
    """No document type (its entities swell or reach for files), no other alphabet than UTF-8, no macros by type."""
    for content in parts.values():
        if b"\0" in content[:4] or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
            raise Unreadable(BROKEN)
        if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
            raise Unreadable(BROKEN)
    if b"macroEnabled" in parts["[Content_Types].xml"]:
        raise Unreadable(MACROS)
