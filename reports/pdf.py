"""Report → PDF by WeasyPrint, imported lazily: the portal runs without Pango, and says what to install.

Nothing is fetched but the two fonts, by names of our own; a file, an address or inline data in a report stays words.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import Any

from django.template.loader import get_template, render_to_string

from reports.report import Report

FONTS = {"portal-font:sans": "sans_path", "portal-font:serif": "serif_path"}
MISSING = (
    "这台服务器缺少生成 PDF 的系统库。请系统管理员安装："
    "apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0，然后重新启动。"
)


class PdfUnavailable(Exception):
    """No PDF can be made on this machine; the message says what to install."""

    def __init__(self) -> None:
        super().__init__(MISSING)


@dataclass(frozen=True)
class Press:
    """What printing needs, made once a process. One FontConfiguration serves the sheet and the writing: with two,
    WeasyPrint silently takes a system font. Pango is not safe to share between threads, so they take turns."""

    weasyprint: Any
    fonts: Any
    sheet: Any
    fetcher: Any
    turn: Lock


def pdf_of(report: Report) -> bytes:
    """Raises PdfUnavailable."""
    press = press_of_process()
    html = render_to_string("reports/paper.html", {"report": report})
    with press.turn:
        document = press.weasyprint.HTML(string=html, url_fetcher=press.fetcher)
        written: bytes = document.write_pdf(stylesheets=[press.sheet], font_config=press.fonts, pdf_tags=True)
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
    fetcher, fonts = locked_fetcher(), weasyprint.text.fonts.FontConfiguration()
    sheet = weasyprint.CSS(string=get_template("reports/paper.css").render(), font_config=fonts, url_fetcher=fetcher)
    return Press(weasyprint, fonts, sheet, fetcher, Lock())


def locked_fetcher() -> Any:
    """A fetcher for our two fonts; all else is refused before anything is opened."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class OwnFontsOnly(URLFetcher):  # type: ignore[misc]
        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            if url not in FONTS:
                raise ValueError("refused: only the portal's own fonts are fetched")
            return URLFetcherResponse(url, _font(FONTS[url]), {"Content-Type": "font/otf"})

    return OwnFontsOnly()


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
