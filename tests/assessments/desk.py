"""An official at a desk with Excel: a downloaded workbook, cells written by facility and column, saved again."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import load_workbook

from facilities.models import Upload

TEMPLATE = "/workbooks/template.xlsx"


class Desk:
    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(BytesIO(content))
        self.sheet: Any = self.book["核查表"]
        self.columns: dict[Any, Any] = {cell.value: cell.column for cell in self.sheet[1]}
        self.rows: dict[Any, int] = {self.sheet.cell(row, 1).value: row for row in range(7, self.sheet.max_row + 1)}

    def cell(self, code: str, key: str) -> Any:
        return self.sheet.cell(self.rows[code], self.columns[key])

    def write(self, code: str, **cells: Any) -> None:
        """``services_provided__jobs`` is the item jobs of a checklist."""
        for key, value in cells.items():
            self.cell(code, key.replace("__", "/")).value = value

    def items(self, key: str) -> list[str]:
        return [column for column in self.columns if column and column.startswith(f"{key}/")]

    def answer(self, code: str, key: str, value: Any, labels: dict[str, str]) -> None:
        """A value in its JSON form, as an official would write it."""
        if isinstance(value, list):
            for item in self.items(key):
                self.cell(code, item).value = "√" if item.partition("/")[2] in value else "×"
            return
        said = {True: "是", False: "否"}[value] if isinstance(value, bool) else labels.get(value, value)
        self.cell(code, key).value = said

    def saved(self) -> bytes:
        written = BytesIO()
        self.book.save(written)
        return written.getvalue()


def download(client: Any, **asked: str) -> Desk:
    response = client.post(TEMPLATE, asked)
    assert response.status_code == 200
    return Desk(response.content)


def send(client: Any, content: bytes | Desk, name: str = "核查表.xlsx") -> Any:
    content = content.saved() if isinstance(content, Desk) else content
    return client.post("/workbooks/upload/", {"file": SimpleUploadedFile(name, content)})


def staged(client: Any, content: bytes | Desk) -> Upload:
    """What was read and compared of a workbook that is not refused as a whole."""
    response = send(client, content)
    assert response.status_code == 302, response.context["error"]
    return Upload.objects.get(pk=response["Location"].strip("/").split("/")[-1])


def taken_in(client: Any, upload: Upload) -> Upload:
    """Confirmed, step by step as the page goes on."""
    while upload.state == Upload.CHECKED:
        assert client.post(f"/workbooks/{upload.pk}/confirm/").status_code == 302
        upload.refresh_from_db()
    return upload
