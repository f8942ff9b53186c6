"""Formulas with their values: openpyxl writes the formula alone, and a viewer that does not calculate shows nothing.
The value is put into the written sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

Values = Mapping[str, Decimal | int | str]  # cell → value
FORMULA = re.compile(r'<c r="(?P<cell>[A-Z]+\d+)"(?P<style>[^>]*)><f>(?P<formula>[^<]*)</f><v ?/></c>')


def with_values(body: bytes, sheets: Mapping[int, Values]) -> bytes:
    """``sheets``: number of a sheet, from 1 → its values. Every formula of such a sheet has one (KeyError)."""
    parts = {f"xl/worksheets/sheet{number}.xml": values for number, values in sheets.items()}
    written = BytesIO()
    with ZipFile(BytesIO(body)) as source, ZipFile(written, "w", ZIP_DEFLATED) as target:
        for part in source.infolist():
            content = source.read(part)
            if part.filename in parts:
                content = _filled(content.decode(), parts[part.filename]).encode()
            target.writestr(part, content)
    return written.getvalue()


def _filled(sheet: str, values: Values) -> str:
    def cell(match: re.Match[str]) -> str:
        value = values[match["cell"]]
        kind = ' t="str"' if isinstance(value, str) else ""
        style, formula = match["style"], match["formula"]
        return f'<c r="{match["cell"]}"{style}{kind}><f>{formula}</f><v>{value}</v></c>'

    return FORMULA.sub(cell, sheet)
