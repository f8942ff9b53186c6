"""What is taken, and what is kept of it: pictures and PDFs by content, never by name."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from assessments.evidence.capture import CHINA, Capture, claimed
from assessments.evidence.images import LARGEST, LONGEST, Refused, picture_of
from assessments.evidence.papers import paper_of
from assessments.evidence.receiving import SECONDS, kind_of, received, shown_name
from facilities.bounded import run_bounded
from tests.assessments.pictures import (
    CORNERS,
    SECRET,
    bombs,
    exif,
    judge_all,
    mutated,
    paper,
    polyglots,
    quarters,
    telling,
    written,
)

BOMBS, POLYGLOTS = bombs(), polyglots()


def opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content))


def corners(image: Image.Image) -> list[int]:
    """Numbers of the colours at the four corners, read as a book."""
    width, height = image.size
    places = [(9, 9), (width - 9, 9), (9, height - 9), (width - 9, height - 9)]
    near = [image.convert("RGB").getpixel(place) for place in places]
    return [min(range(4), key=lambda n: sum(abs(a - b) for a, b in zip(CORNERS[n], at, strict=True))) for at in near]


# ── Pictures ──────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright(orientation: int) -> None:
    """Stored as each orientation says it would be, it is kept as it was seen."""
    undo = {1: None, 2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}[orientation]  # Pillow's transpositions, reversed
    seen = quarters()
    stored = seen if undo is None else seen.transpose(Image.Transpose(undo))
    kept = picture_of(written(stored, exif=exif(orientation), quality=95), False)
    assert (kept.width, kept.height) == seen.size == opened(kept.content).size
    assert corners(opened(kept.content)) == corners(opened(kept.thumbnail)) == [0, 1, 2, 3]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_is_kept_but_the_picture(kind: str) -> None:
    sent = telling(kind)
    assert SECRET.encode() in sent
    kept = picture_of(sent, True)
    for content in (kept.content, kept.thumbnail):
        assert SECRET.encode() not in content
        assert not re.search(rb"\xff[\xe1-\xef\xfe]", content[: content.index(b"\xff\xda")])
        assert set(opened(content).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_time_and_place_come_out_with_consent_only(kind: str) -> None:
    assert picture_of(telling(kind), False).capture is None
    at = datetime(2026, 10, 8, 15, 30, tzinfo=CHINA)
    assert picture_of(telling(kind), True).capture == Capture(at, Decimal("22.270139"), Decimal("113.550000"))


def test_a_large_photo_becomes_small() -> None:
    kept = picture_of(written(quarters(4000, 3000)), False)
    assert max(opened(kept.content).size) == LONGEST == 1600
    assert max(opened(kept.thumbnail).size) == 320
    assert len(kept.content) <= LARGEST


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_every_way_of_writing_colours_is_read(mode: str) -> None:
    image = Image.new("I;16", (40, 30), 40000) if mode == "I;16" else quarters(40, 30).convert(mode)
    kept = opened(picture_of(written(image, "JPEG" if mode == "CMYK" else "PNG"), False).content)
    assert kept.mode == "RGB"
    assert kept.size == (40, 30)


def test_what_is_transparent_is_white() -> None:
    kept = picture_of(written(Image.new("RGBA", (40, 40), (200, 0, 0, 0)), "PNG"), False)
    assert opened(kept.content).getpixel((20, 20)) == (255, 255, 255)


def test_16_bits_are_not_all_white() -> None:
    kept = opened(picture_of(written(Image.new("I;16", (40, 40), 0x8000), "PNG"), False).content)
    assert kept.getpixel((20, 20)) == (128, 128, 128)


def test_a_photo_with_another_file_behind_it_is_kept_without() -> None:
    kept = received(written(quarters()) + b"PK\x03\x04<script>canary</script>", "照片.jpg", False)
    assert b"canary" not in kept.content
    assert b"PK\x03\x04" not in kept.content


@pytest.mark.parametrize("name", POLYGLOTS)
def test_other_kinds_are_refused_whatever_they_are_called(name: str) -> None:
    with pytest.raises(Refused, match=r"JPEG、PNG、WebP 照片和 PDF|HEIC|空文件"):
        kind_of(POLYGLOTS[name], name)


@pytest.mark.parametrize("name", ["照片.jpg", "照片.JPG", "照片", "大厅2026.10", "大厅.照片", "a.webp"])
def test_a_name_that_claims_nothing_else_is_taken(name: str) -> None:
    assert kind_of(written(quarters()), name) == "image"


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_or_kept_small(name: str) -> None:
    with suppress(Refused):
        assert len(received(BOMBS[name], "照片", True).content) < 1_000_000


def test_mutated_files_are_taken_or_refused_with_a_sentence() -> None:
    """300 of them, one child for all; each alone in its own is measured by ``make bench``."""
    judged = run_bounded(judge_all, (list(mutated(300)),), SECONDS * 10, 600)
    assert set(judged) == {"taken", "refused"}
    assert len(judged) == 300


# ── PDFs ──────────────────────────────────────────────────────────────────────


def test_a_pdf_loses_all_that_acts_and_tells() -> None:
    sent = paper(2, armed=True)
    kept = paper_of(sent)
    for word in (
        b"/JavaScript",
        b"/JS",
        b"canary",
        b"/OpenAction",
        b"/AA",
        b"/EmbeddedFile",
        b"/Link",
        SECRET.encode(),
    ):
        assert word in sent
        assert word not in kept.content
    assert b"/Info" not in kept.content
    assert kept.pages == len(PdfReader(BytesIO(kept.content)).pages) == 2


def test_a_pdf_keeps_its_pages_and_its_seal() -> None:
    page = PdfReader(BytesIO(paper_of(paper(1, armed=True)).content)).pages[0]
    contents = page.get_contents()
    assert contents is not None
    assert b"10 10 80 80 re" in contents.get_data()
    (seal,) = [each.get_object() for each in page["/Annots"]]
    assert seal["/Subtype"] == "/Stamp"
    assert b"1 0 0 rg" in seal["/AP"]["/N"].get_data()
    assert set(seal) == {"/Type", "/Subtype", "/Rect", "/F", "/AP"}


def test_the_same_pdf_is_kept_as_the_same_bytes() -> None:
    assert paper_of(paper(3, armed=True)).content == paper_of(paper(3, armed=True)).content


def test_a_pdf_of_too_many_pages_or_under_lock_is_refused() -> None:
    with pytest.raises(Refused, match="超过 50 页"):
        paper_of(paper(51))
    with pytest.raises(Refused, match="密码"):
        paper_of(locked_paper())
    assert paper_of(paper(50)).pages == 50


def locked_paper() -> bytes:
    from pypdf import PdfWriter

    writer, out = PdfWriter(clone_from=BytesIO(paper())), BytesIO()
    writer.encrypt("x", algorithm="RC4-128")
    writer.write(out)
    return out.getvalue()


# ── Names and claims ──────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.jpg", "passwd.jpg"),
        ("C:\\用户\\照片.jpg", "照片.jpg"),
        ("a\0b\u202egpj.jpg", "abgpj.jpg"),
        ("<script>.jpg", "<script>.jpg"),
        ("行\r\nX-Header: 1.jpg", "行 X-Header: 1.jpg"),
        ("///", "未命名"),
        ("长" * 300 + ".jpeg", "长" * 114 + "….jpeg"),
    ],
)
def test_a_name_is_for_the_eye_only(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@pytest.mark.parametrize("place", [("91", "1"), ("nan", "1"), ("1e1", "1"), ("", ""), ("22.5", ""), ("1", "-180.1")])
def test_a_claimed_place_outside_the_earth_is_none(place: tuple[str, str]) -> None:
    assert claimed("gestern", *place) == Capture()


def test_a_claim_is_read() -> None:
    at = datetime(2026, 10, 8, 15, 30, tzinfo=CHINA)
    assert claimed("2026-10-08T15:30:00", "22.270139", "-113.55") == Capture(
        at, Decimal("22.270139"), Decimal("-113.550000")
    )
