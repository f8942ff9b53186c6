"""Pictures and PDFs for tests and measurements: honest ones, bombs, polyglots, and any number of mutated ones."""

from __future__ import annotations

import random
import struct
import zlib
from collections.abc import Iterator
from fractions import Fraction
from io import BytesIO

from PIL import Image, PngImagePlugin
from pypdf import PdfWriter
from pypdf.generic import (
    ArrayObject,
    DecodedStreamObject,
    DictionaryObject,
    FloatObject,
    NameObject,
    TextStringObject,
)

from assessments.evidence.images import Refused, picture_of
from assessments.evidence.papers import paper_of

CORNERS = ((220, 20, 20), (20, 160, 20), (20, 20, 220), (230, 200, 20))  # red, green; blue, yellow
TAKEN = "2026:10:08 15:30:00"
SECRET = "SECRETCAMERA"


def quarters(width: int = 320, height: int = 200) -> Image.Image:
    """Four colours, so that it is seen which way is up."""
    image = Image.new("RGB", (width, height))
    for number, colour in enumerate(CORNERS):
        box = (number % 2 * width // 2, number // 2 * height // 2)
        image.paste(colour, (*box, box[0] + width // 2, box[1] + height // 2))
    return image


def busy(width: int, height: int, seed: int = 1) -> Image.Image:
    """As hard to pack as a photo."""
    small = random.Random(seed).randbytes(width // 8 * (height // 8) * 3)
    return Image.frombytes("RGB", (width // 8, height // 8), small).resize((width, height), Image.Resampling.BICUBIC)


def written(image: Image.Image, kind: str = "JPEG", **how: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    tags = Image.Exif()
    tags[0x0112] = orientation
    tags[0x010F] = SECRET
    tags.get_ifd(0x8769).update({0x9003: TAKEN, 0x927C: SECRET.encode()})
    degrees = (Fraction(22), Fraction(16), Fraction(125, 10))
    tags.get_ifd(0x8825).update({1: "N", 2: degrees, 3: "E", 4: (Fraction(113), Fraction(33), Fraction(0))})
    return tags


def telling(kind: str = "JPEG") -> bytes:
    """A photo that tells everything: EXIF with time, place and maker, XMP, a comment, a profile."""
    more: dict[str, object] = {"exif": exif(), "icc_profile": b"\0" * 36 + b"acsp" + SECRET.encode() * 20}
    if kind == "PNG":
        texts = PngImagePlugin.PngInfo()
        texts.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
        texts.add_text("Comment", SECRET)
        more["pnginfo"] = texts
    else:
        more["xmp"] = f"<x>{SECRET}</x>".encode()
    if kind == "JPEG":
        more["comment"] = SECRET.encode()
    return written(quarters(), kind, **more)


# ── PDF ───────────────────────────────────────────────────────────────────────


def paper(pages: int = 1, armed: bool = False) -> bytes:
    """``armed``: with scripts, actions, a link, a file and a maker's name, and a red seal as a signed field."""
    writer = PdfWriter()
    for _ in range(pages):
        page = writer.add_blank_page(200, 200)
        drawing = DecodedStreamObject()
        drawing.set_data(b"0 0 1 rg 10 10 80 80 re f")
        page[NameObject("/Contents")] = writer._add_object(drawing)
    if armed:
        _arm(writer)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _arm(writer: PdfWriter) -> None:
    writer.add_metadata({"/Author": SECRET})
    writer.add_attachment("notes.txt", SECRET.encode())
    writer.root_object[NameObject("/OpenAction")] = _script()
    page = writer.pages[0]
    page[NameObject("/AA")] = DictionaryObject({NameObject("/O"): _script()})
    seal = DecodedStreamObject()
    seal.set_data(b"1 0 0 rg 0 0 40 40 re f")
    seal.update({NameObject("/Type"): NameObject("/XObject"), NameObject("/Subtype"): NameObject("/Form")})
    seal[NameObject("/BBox")] = _numbers(0, 0, 40, 40)
    signed = _annotation("/Widget", 120, {"/AP": DictionaryObject({NameObject("/N"): writer._add_object(seal)})})
    link = _annotation("/Link", 10, {"/A": _script()})
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(signed), writer._add_object(link)])


def _annotation(kind: str, at: int, more: dict[str, DictionaryObject]) -> DictionaryObject:
    made = DictionaryObject({NameObject(key): value for key, value in (more | {"/AA": _script()}).items()})
    made[NameObject("/Subtype")] = NameObject(kind)
    made[NameObject("/Rect")] = _numbers(at, at, at + 40, at + 40)
    return made


def _numbers(*values: int) -> ArrayObject:
    return ArrayObject([FloatObject(value) for value in values])


def _script() -> DictionaryObject:
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert('canary')")}
    return DictionaryObject({NameObject(key): value for key, value in action.items()})


# ── Hostile ───────────────────────────────────────────────────────────────────


def bombs() -> dict[str, bytes]:
    """Small files that ask for much memory or time."""
    jpeg = written(Image.new("RGB", (64, 64)))
    size = jpeg.index(b"\xff\xc0") + 5
    return {
        "png of 400 megapixels": _png(20_000, 20_000),
        "png of 30 megapixels, transparent": written(Image.new("RGBA", (6000, 5000), (9, 9, 9, 9)), "PNG"),
        "png whose header lies": _png(5000, 6000, rows=10),
        "png with a text of 200 MB": _with_text(200),
        "png with a profile of 200 MB": _with_text(200, b"iCCP"),
        "jpeg of 65535 by 65535": jpeg[:size] + b"\xff\xff\xff\xff" + jpeg[size + 4 :],
        "jpeg of 2000 scans": _scans(2000),
        "webp of 16383 by 16383": written(Image.new("RGB", (16383, 2000)), "WEBP", lossless=True, method=0),
        "pdf with a stream of 500 MB": _packed_objects(500),
        "pdf of nested lists": b"%PDF-1.7\n1 0 obj" + b"[" * 300_000 + b"\nendobj\ntrailer<</Root 1 0 R>>",
        "pdf whose pages go round": _round(),
        "pdf of 5000 pages": paper(5000),
    }


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _png(width: int, height: int, rows: int | None = None) -> bytes:
    """Grey, of one bit: some 50 kB for 400 megapixels."""
    line = b"\0" * (1 + (width + 7) // 8)
    head = _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))
    data = _chunk(b"IDAT", zlib.compress(line * (height if rows is None else rows), 9))
    return b"\x89PNG\r\n\x1a\n" + head + data + _chunk(b"IEND", b"")


def _with_text(megabytes: int, kind: bytes = b"zTXt") -> bytes:
    packed = zlib.compress(b"\0" * megabytes * 2**20, 9)
    small = written(Image.new("RGB", (8, 8)), "PNG")
    return small[:33] + _chunk(kind, b"a\0\0" + packed) + small[33:]


def _scans(count: int) -> bytes:
    """The last scan of a progressive JPEG, again and again."""
    whole = written(Image.new("RGB", (4000, 4000), (30, 60, 90)), progressive=True)
    last, end = whole.rindex(b"\xff\xda"), whole.rindex(b"\xff\xd9")
    return whole[:end] + whole[last:end] * count + b"\xff\xd9"


def _packed_objects(megabytes: int) -> bytes:
    packed = zlib.compress(b" " * megabytes * 2**20, 9)
    head = b"<</Type/ObjStm/N 100000/First 900000/Filter/FlateDecode/Length %d>>" % len(packed)
    objects = b"%PDF-1.7\n1 0 obj" + head + b"stream\n" + packed + b"\nendstream endobj\n"
    table = b"".join(struct.pack(">BHB", *row) for row in ((0, 0, 0), (1, 9, 0), (2, 1, 0)))
    index = b"<</Type/XRef/Size 3/W[1 2 1]/Root 2 0 R/Length %d>>" % len(table)
    at = len(objects)
    return objects + b"3 0 obj" + index + b"stream\n" + table + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % at


def _round() -> bytes:
    pages = b"2 0 obj<</Type/Pages/Count 9/Kids[2 0 R 2 0 R]>>endobj\n"
    return b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n" + pages + b"trailer<</Root 1 0 R>>\n%%EOF"


def polyglots() -> dict[str, bytes]:
    """name → bytes that are none of the kinds that are taken, whatever the name says."""
    page = b"<!doctype html><script>alert('canary')</script>"
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
    gif = written(quarters().convert("P"), "GIF")
    photo = written(quarters())
    return {
        "图.svg": drawing,
        "图.jpg": drawing,
        "网页.jpg": page,
        "网页.png": page + photo,
        "动图.gif": gif,
        "动图.jpg": gif,
        "压缩包.jpg": gif + b"PK\x03\x04",
        "位图.jpg": written(quarters(), "BMP"),
        "照片.jpg.html": photo,
        "照片.svg": photo,
        "程序.exe": photo,
        "文稿.pdf": page + b"%PDF-1.4",
        "表格.webp": b"RIFF\x10\0\0\0WAVE" + page,
        "苹果.heic": b"\0\0\0\x18ftypheic" + b"\0" * 40,
        "空.jpg": b"",
    }


def judge(content: bytes) -> str:
    """taken, or refused with a sentence; anything else that is raised is a fault."""
    try:
        if content.startswith(b"%PDF"):
            paper_of(content)
        else:
            picture_of(content, True)
    except Refused:
        return "refused"
    return "taken"


def judge_all(contents: list[bytes]) -> list[str]:
    return [judge(content) for content in contents]


def mutated(count: int, seed: int = 20160101) -> Iterator[bytes]:
    """Honest files of every kind, each spoilt in a few places: always the same ones."""
    chance = random.Random(seed)
    picture = busy(240, 160)
    honest = [
        telling(),
        telling("PNG"),
        telling("WEBP"),
        written(picture, progressive=True),
        written(picture.convert("RGBA"), "PNG"),
        written(picture.convert("P"), "PNG", transparency=3),
        written(picture.convert("CMYK")),
        written(picture, "WEBP", lossless=True),
        paper(3, armed=True),
    ]
    for number in range(count):
        spoilt = bytearray(honest[number % len(honest)])
        for _ in range(chance.choice((1, 1, 2, 4, 16))):
            _spoil(spoilt, chance)
        yield bytes(spoilt)


def _spoil(content: bytearray, chance: random.Random) -> None:
    """Heads are spoilt more often than middles: that is where sizes and tables stand."""
    at = chance.randrange(min(len(content), chance.choice((64, 400, len(content)))))
    match chance.randrange(6):
        case 0:
            content[at] ^= 1 << chance.randrange(8)
        case 1:
            content[at : at + 4] = chance.choice((b"\xff" * 4, b"\0" * 4, b"\x7f\xff\xff\xff", b"\0\0\xff\xff"))
        case 2:
            del content[at : at + chance.choice((1, 4, 200))]
        case 3:
            content[at:at] = content[at : at + chance.choice((2, 64, 2000))]
        case 4:
            content[at : at + 8] = chance.randbytes(8)
        case 5:
            del content[max(at, 24) :]
    if not content:
        content += b"\xff"
