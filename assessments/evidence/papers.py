"""A PDF as it came → as it is kept: its pages written anew, and nothing that acts, hides or tells of its maker.

Runs in a bounded child (facilities/bounded.py): imports neither Django nor anything slow. Kept are each page's
content, what that content draws with, and the look of stamps and of filled or sealed fields (a red seal is a field);
gone are scripts, actions, links, forms, embedded and external files, and all metadata.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
)

from assessments.evidence.images import Refused

MOST_PAGES = 50
MOST_BYTES = 20 * 1024 * 1024  # as written: what came is limited before it gets here
ENCRYPTED = "这个 PDF 有密码，打不开。请去掉密码后再传。"
TOO_MANY_PAGES = f"这个 PDF 超过 {MOST_PAGES} 页。请只留有关的几页再传。"
TOO_LARGE = "这个 PDF 展开后太大。请只留有关的几页，或者拍照上传。"
BROKEN = "这个 PDF 不完整或已损坏，打不开。请重新导出后再传，或者拍照上传。"
KEPT_OF_PAGE = ("/MediaBox", "/CropBox", "/Rotate", "/UserUnit", "/Group", "/Resources", "/Contents")
#: acts, points outside, carries a file, or tells of its maker
DROPPED = {
    *("/A", "/AA", "/OpenAction", "/JS", "/JavaScript", "/URI", "/Launch"),
    *("/EF", "/AF", "/Ref", "/OPI"),
    *("/Metadata", "/PieceInfo", "/LastModified", "/StructParent", "/StructParents", "/Parent", "/OC"),
}
EXTERNAL = {"/F", "/FFilter", "/FDecodeParms"}  # of a stream: its bytes are in another file
#: tables whose keys are names that the maker chose
NAMED = {"/Font", "/XObject", "/ExtGState", "/ColorSpace", "/Pattern", "/Shading", "/Properties"}
NAMED |= {"/CharProcs", "/Colorants"}
INVISIBLE = 2 | 32  # flags of an annotation: hidden, not for the screen
PRINTED_READ_ONLY = 4 | 64


@dataclass(frozen=True)
class Paper:
    content: bytes
    pages: int


def paper_of(content: bytes) -> Paper:
    """Raises Refused."""
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted:
            raise Refused(ENCRYPTED)
        if len(reader.pages) > MOST_PAGES:
            raise Refused(TOO_MANY_PAGES)
        written = _written(reader)
    except (Refused, MemoryError):
        raise
    except Exception as broken:  # a reader raises whatever it stumbles over
        raise Refused(BROKEN) from broken
    if len(written.content) > MOST_BYTES:
        raise Refused(TOO_LARGE)
    return written


def _written(reader: PdfReader) -> Paper:
    writer, out = PdfWriter(), BytesIO()
    writer.metadata = None
    writer.pdf_header = "%PDF-1.7"
    copying = Copying(writer)
    for page in reader.pages:
        _add(writer, page, copying)
    if not writer.pages:
        raise Refused(BROKEN)
    writer.write(out)
    return Paper(out.getvalue(), len(writer.pages))


def _add(writer: PdfWriter, page: PageObject, copying: Copying) -> None:
    box = page.mediabox
    new = writer.add_blank_page(box.width, box.height)
    for key in KEPT_OF_PAGE:
        if key in page:
            new[NameObject(key)] = copying.of(page.raw_get(key), key)
    looks = [copying.of(look, "") for look in _looks(page)]
    if looks:
        new[NameObject("/Annots")] = ArrayObject(looks)


def _looks(page: PageObject) -> Iterator[DictionaryObject]:
    """Of each annotation that is seen, what is seen: a stamp that does nothing."""
    annotations = page.get("/Annots")
    for each in annotations.get_object() if annotations is not None else ():
        annotation = each.get_object()
        if int(annotation.get("/F", 0)) & INVISIBLE or "/Rect" not in annotation:
            continue
        look = annotation.get("/AP", DictionaryObject()).get_object().get("/N", NullObject()).get_object()
        if not isinstance(look, StreamObject) and isinstance(look, DictionaryObject):  # one for each state of a box
            look = look.get(annotation.get("/AS", "/Off"), NullObject()).get_object()
        if isinstance(look, StreamObject):
            yield DictionaryObject(
                {
                    NameObject("/Type"): NameObject("/Annot"),
                    NameObject("/Subtype"): NameObject("/Stamp"),
                    NameObject("/Rect"): annotation["/Rect"],
                    NameObject("/F"): NumberObject(PRINTED_READ_ONLY),
                    NameObject("/AP"): DictionaryObject({NameObject("/N"): look}),
                }
            )


@dataclass
class Copying:
    """Objects of one file into another, each once, without what is dropped."""

    writer: PdfWriter
    done: dict[int, IndirectObject] = field(default_factory=dict)

    def of(self, given: Any, key: str) -> PdfObject:
        """``key``: under which it stands."""
        if isinstance(given, IndirectObject):
            return self._referred(given.get_object(), key, given.idnum)
        if isinstance(given, StreamObject):  # reached without its reference
            return self._referred(given, key, -id(given))
        if isinstance(given, DictionaryObject):
            return self._fill(DictionaryObject(), given, key)
        if isinstance(given, ArrayObject):
            return ArrayObject([self.of(each, key) for each in given])
        return given if isinstance(given, PdfObject) else NullObject()

    def _referred(self, given: Any, key: str, number: int) -> PdfObject:
        if number in self.done:
            return self.done[number]
        if not isinstance(given, DictionaryObject):
            return self.of(given, key)
        new = StreamObject() if isinstance(given, StreamObject) else DictionaryObject()
        self.done[number] = self.writer._add_object(new)
        self._fill(new, given, key)
        if isinstance(given, StreamObject) and isinstance(new, StreamObject):
            new._data = given._data  # still packed as it was
        return self.done[number]

    def _fill(self, new: DictionaryObject, given: DictionaryObject, key: str) -> DictionaryObject:
        dropped = set() if key in NAMED else DROPPED | (EXTERNAL if isinstance(given, StreamObject) else set())
        for name in given:
            if name not in dropped and name != "/Length":
                new[NameObject(name)] = self.of(given.raw_get(name), str(name))
        return new
