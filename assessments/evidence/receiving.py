"""A file as it was sent → what is kept of it. The content decides what it is; its name decides nothing but refusals."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile

from assessments.evidence.capture import Capture
from assessments.evidence.images import Refused, picture_of
from assessments.evidence.papers import paper_of
from assessments.models import Evidence
from facilities.bounded import Exceeded, run_bounded
from standards.parsing import shown_characters

MEGABYTE = 1024 * 1024
LARGEST = {Evidence.IMAGE: 12 * MEGABYTE, Evidence.PDF: 10 * MEGABYTE}
SECONDS, MEGABYTES = 4, 300
LONGEST_NAME = 120
TAKEN = "这里只收 JPEG、PNG、WebP 照片和 PDF"
APPLE = "这是苹果手机的 HEIC 格式，这里打不开。请在手机“设置－相机－格式”里选“兼容性最佳”再拍，或者截图后再传。"
EMPTY = "这是个空文件。请重新拍一张，或换一个文件。"
TOO_HEAVY = "这个文件太复杂，处理不了。请换一张照片，或者重新拍一张。"
SUFFIX = re.compile(r"\.([A-Za-z][A-Za-z0-9]{1,7})\s*$")
SUFFIXES = {"jpg", "jpeg", "jpe", "jfif", "png", "webp", "pdf", "heic", "heif"}


@dataclass(frozen=True)
class Received:
    kind: str
    content: bytes
    thumbnail: bytes  # empty of a PDF
    width: int | None
    height: int | None
    sent_hash: str
    capture: Capture | None

    @property
    def content_hash(self) -> str:
        return sha256(self.content)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def content_of(file: UploadedFile[bytes]) -> bytes:
    """Raises Refused where the file is too large to be read at all."""
    most = max(LARGEST.values())
    if (file.size or 0) > most:
        raise Refused(f"一个文件不能超过 {most // MEGABYTE} MB。请换一张小一些的照片。")
    content: bytes = file.read()
    return content


def received(content: bytes, name: str, keep_capture: bool) -> Received:
    """Decoded and written anew. Raises Refused with the sentence for the officer."""
    kind = kind_of(content, name)
    if len(content) > LARGEST[kind]:
        limit = LARGEST[kind] // MEGABYTE
        raise Refused(f"{Evidence.KINDS[kind]}不能超过 {limit} MB，这个有 {len(content) / MEGABYTE:.1f} MB。")
    try:
        return _decoded(kind, content, keep_capture)
    except Exceeded as heavy:
        raise Refused(TOO_HEAVY) from heavy


def _decoded(kind: str, content: bytes, keep_capture: bool) -> Received:
    sent_hash = sha256(content)
    if kind == Evidence.PDF:
        paper = run_bounded(paper_of, (content,), SECONDS, MEGABYTES)
        return Received(kind, paper.content, b"", None, None, sent_hash, None)
    picture = run_bounded(picture_of, (content, keep_capture), SECONDS, MEGABYTES)
    return Received(kind, picture.content, picture.thumbnail, picture.width, picture.height, sent_hash, picture.capture)


def kind_of(content: bytes, name: str) -> str:
    """Raises Refused where the content is of no kind that is taken, or the name claims to be something else."""
    if not content:
        raise Refused(EMPTY)
    if content[4:8] == b"ftyp" and content[8:12] in (b"heic", b"heix", b"heim", b"mif1", b"msf1", b"hevc", b"avif"):
        raise Refused(APPLE)
    suffix = SUFFIX.search(name)
    claimed = suffix[1].lower() if suffix else ""
    kind = _by_first_bytes(content)
    if kind is None or (claimed and claimed not in SUFFIXES):
        raise Refused(f"{TAKEN}，不收这个文件{f'（.{claimed}）' if claimed and claimed not in SUFFIXES else ''}。")
    return kind


def _by_first_bytes(content: bytes) -> str | None:
    if content.startswith(b"%PDF-"):
        return Evidence.PDF
    webp = content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    if webp or content.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")):
        return Evidence.IMAGE
    return None


def shown_name(name: str) -> str:
    """Of the file as it came, for the eye only: no folders, nothing that cannot be seen or turns the direction."""
    last = re.split(r"[/\\]", shown_characters(name).replace("\n", " "))[-1].strip()
    if len(last) <= LONGEST_NAME:
        return last or "未命名"
    suffix = SUFFIX.search(last)
    end = suffix[0] if suffix else ""
    return last[: LONGEST_NAME - len(end) - 1] + "…" + end
