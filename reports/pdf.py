"""Report → PDF by WeasyPrint, imported lazily: the portal runs without Pango, and says what to install.

Nothing is fetched but the two fonts and a report's own photos, from memory and by names of our own; a file, an address
or inline data in a report stays words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from django.template.loader import get_template, render_to_string

from reports.photos import grid_of, photos_of
from reports.report import Report

PHOTO = "portal-evidence:"
DPI = 160  # of a photo on paper: six on a page are not worth more
FONTS = {"portal-font:sans": "sans_path", "portal-font:serif": "serif_path"}
PAPER, DOCUMENT = "reports/paper.css", "reports/document.css"
MISSING = (
    "这台服务器缺少生成 PDF 的系统库。请系统管理员安装："
    "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0，然后重新启动。"
)


class PdfUnavailable(Exception):
    """No PDF can be made on this machine; the message says what to install."""

    def __init__(self) -> None:
        super().__init__(MISSING)


@dataclass(frozen=True, eq=False)
class Press:
    """What printing needs, made once a process. One FontConfiguration serves the sheets and the writing: with two,
    WeasyPrint silently takes a system font. Pango is not safe to share between threads, so they take turns."""

    weasyprint: Any
    fonts: Any
    fetcher: Any
    turn: Lock


def pdf_of(report: Report) -> bytes:
    """Raises PdfUnavailable."""
    photos = photos_of(report)
    return printed("reports/paper.html", {"report": report, "grid": grid_of(report)}, photos)


def printed(
    template: str,
    context: dict[str, Any],
    photos: Mapping[str, bytes] | None = None,
    sheet: str = PAPER,
    tagged: bool = True,
) -> bytes:
    """A template for paper → PDF, under one of the portal's own sheets. Raises PdfUnavailable. What will be joined to
    others is not ``tagged``: tags are lost in joining, and cost memory."""
    press = press_of_process()
    html = render_to_string(template, context)
    fetcher = locked_fetcher(photos) if photos else press.fetcher
    with press.turn:
        document = press.weasyprint.HTML(string=html, url_fetcher=fetcher)
        written: bytes = document.write_pdf(
            stylesheets=[sheet_of(press, sheet)], font_config=press.fonts, pdf_tags=tagged, dpi=DPI, jpeg_quality=80
        )
    return written


def unavailable() -> str:
    """Why no PDF can be made here; empty where one can."""
    try:
        press_of_process()
    except PdfUnavailable as missing:
        return str(missing)
    return ""


@cache
def press_of_process() -> Press:
    weasyprint = _weasyprint()
    return Press(weasyprint, weasyprint.text.fonts.FontConfiguration(), locked_fetcher(), Lock())


@cache
def sheet_of(press: Press, template: str) -> Any:
    """Called when it is one's turn at the press, whose fonts it names: a sheet of another press finds none of them."""
    css = get_template(template).render()
    return press.weasyprint.CSS(string=css, font_config=press.fonts, url_fetcher=press.fetcher)


def locked_fetcher(photos: Mapping[str, bytes] | None = None) -> Any:
    """A fetcher for our two fonts, and for the ``photos`` of one report by their ids; all else is refused before
    anything is opened."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    held = {PHOTO + key: content for key, content in (photos or {}).items()}

    class OwnOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url in held:
                return URLFetcherResponse(url, held[url], {"Content-Type": "image/jpeg"})
            if url not in FONTS:
                raise ValueError("refused: only the portal's own fonts and a report's own photos are fetched")
            return URLFetcherResponse(url, _font(FONTS[url]), {"Content-Type": "font/otf"})

    return OwnOnly()


def _font(path: str) -> bytes:
    import pylopdf_fonts_zh_cn

    read: bytes = getattr(pylopdf_fonts_zh_cn, path)().read_bytes()
    return read


def _weasyprint() -> Any:
    """The import fails with OSError where Pango's libraries are missing."""
    try:
        import weasyprint
        import weasyprint.text.fonts
    except (ImportError, OSError) as missing:
        raise PdfUnavailable from missing
    return weasyprint
