"""A workbook that was sent: is it ours, of this quarter, edition and place; then its lines, compared and put aside
until the official confirms."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from assessments.forms import Questionnaire
from assessments.models import Period
from assessments.periods import parse_key, period_of, quarter_of
from assessments.scoring import asked_by
from assessments.workbooks.columns import CODE, NAME, WHY, Column, Layout
from assessments.workbooks.difference import Comparison, Line, barred_in
from assessments.workbooks.head import FIRST, KEYS
from assessments.workbooks.identity import FORMAT, Identity, identity_in
from assessments.workbooks.present import Present, present_of
from assessments.workbooks.scope import Scope, kept, scope_named
from assessments.workbooks.template import SHEET
from facilities.access import today
from facilities.existence import open_on
from facilities.models import Officer, Upload
from facilities.spreadsheets.cells import as_text, is_blank
from facilities.spreadsheets.reading import read_book
from facilities.spreadsheets.tables import Sheet, Unreadable, letters

NOT_OURS = "这不是从本系统下载的核查表模板。请先在这里下载模板，把内容填进去，再上传。"
NO_SHEET = f"找不到工作表“{SHEET}”。请不要改工作表的名字；改过的请改回“{SHEET}”，再上传。"
AGAIN = "请重新下载模板，把内容粘贴过去（选择性粘贴→数值），再上传。"
OTHER_FORMAT = f"这份模板是旧版式的。{AGAIN}"
ELSEWHERE = "这份模板是别的单位的，或者不归您填报。请下载自己单位的模板。"
NO_LINES = f"“{SHEET}”里没有一家机构。{AGAIN}"
UNKNOWN = "没有这个编码的机构，或者不归您填报。请核对机构编码"
TWICE = "同一家机构出现了两行。请只留一行"
NO_CODE = "没有机构编码。请照模板补上编码，或者删掉这一行"
SENT = "本季核查表已提交，不能再改"
NOT_NOW = "这一季没有开始填报，现在只能开始填报当前季度"
LONGEST_NAME = 200


def stage(officer: Officer, name: str, content: bytes) -> Upload:
    """Reads, compares and stores. Raises Unreadable with the sentence where the whole file is refused."""
    book = read_book(name, content)
    identity = identity_in(book)
    if identity is None:
        raise Unreadable(NOT_OURS)
    scope = _scope(officer, identity)
    sheet = book.sheet(SHEET)
    if sheet is None:
        raise Unreadable(NO_SHEET)
    lines = list(_lines(officer, scope, sheet, identity))
    if not lines:
        raise Unreadable(NO_LINES)
    ready = sum(line.is_importable for line in lines)
    return Upload.objects.create(
        kind="answers",
        name=name[:LONGEST_NAME],
        by=officer,
        scope=_scope_json(scope),
        rows=[line.as_json() for line in lines],
        outcome={"counts": _counts(lines), "late": {}},
        total=ready,
        state=Upload.CHECKED if ready else Upload.DONE,
    )


def _scope_json(scope: Scope) -> dict[str, str]:
    return {
        "period": scope.period.key,
        "subject": scope.subject,
        "place": scope.place.code,
        "place_name": scope.place.name,
        "source": scope.standard.source,
        "content_hash": scope.content_hash,
    }


def _counts(lines: Sequence[Line]) -> dict[str, int]:
    """Cells by what becomes of them. What stands in a refused line is not imported, however right."""
    taken = [line for line in lines if line.is_importable]
    return {
        "new": sum(edit["kind"] == "new" for line in taken for edit in line.edits),
        "changed": sum(edit["kind"] == "changed" for line in taken for edit in line.edits),
        "same": sum(line.same for line in lines),
        "refused": sum(len(line.refused) or 1 for line in lines if line.why or line.refused),
        "lines": len(lines),
        "lines_refused": sum(bool(line.why or line.refused) for line in lines),
    }


# ── The file as a whole ───────────────────────────────────────────────────────


def _scope(officer: Officer, identity: Identity) -> Scope:
    said = identity.fields
    if said["format"] != FORMAT:
        raise Unreadable(OTHER_FORMAT)
    period = _period(said["period"])
    scope = scope_named(officer, said["subject"], said["place"], period)
    if scope is None:
        raise Unreadable(ELSEWHERE)
    if (scope.standard.key, scope.content_hash) != (said["standard"], said["content_hash"]):
        raise Unreadable(f"模板依据的规范版本（{said['effective']}）与{period}适用的不同。{AGAIN}")
    return scope


def _period(key: str) -> Period:
    """Raises Unreadable where the quarter cannot be filled."""
    try:
        period = period_of(*parse_key(key))
    except Period.DoesNotExist:
        raise Unreadable(NOT_OURS) from None
    if period.closed_at:
        raise Unreadable(f"{period}已关闭，不能再填。需要补填请联系系统管理员重新开放。")
    if period.pk is None and (period.year, period.quarter) != quarter_of(today()):
        raise Unreadable(f"这份模板是{period}的，现在不能填这一季。请下载当前季度的模板。")
    return period


def _layout(sheet: Sheet, asked: Questionnaire) -> Layout:
    """Raises Unreadable where columns were moved, deleted or put between."""
    keys = [as_text(cell) for cell in (sheet.rows[KEYS - 1] if len(sheet.rows) >= KEYS else [])]
    layout = Layout(asked, with_reasons=WHY in keys)
    for number, column in enumerate(layout.columns, 1):
        if number > len(keys) or keys[number - 1] != column.key:
            raise Unreadable(
                f"第 {letters(number)} 列应当是“{_named(column)}”，现在不是：列被移动、删除或插入过。{AGAIN}"
            )
    return layout


def _named(column: Column) -> str:
    if column.question is None or column.item is None:
        return column.title
    return f"{column.question.indicator.label}（{column.title}）"


# ── Line by line ──────────────────────────────────────────────────────────────


def _lines(officer: Officer, scope: Scope, sheet: Sheet, identity: Identity) -> Iterator[Line]:
    layout = _layout(sheet, asked_by(scope.standards, scope.subject))
    rows = range(FIRST, len(sheet.rows) + 1)
    named = [_line(sheet, layout, row) for row in rows if not _is_blank(sheet, row, len(layout.columns))]
    present = _present(officer, scope, [line.code for line in named])
    barred = barred_in(sheet, rows, len(layout.columns))
    times = Counter(line.code for line in named)
    for line in named:
        line.why = _refusal(line, present, times)
        if not line.why:
            here = present[line.code]
            Comparison(sheet, layout, here, identity.seen.get(line.code, []), barred, line).compare()
            line.why = _closed_to(here, line)
        yield line


def _is_blank(sheet: Sheet, row: int, width: int) -> bool:
    return all(is_blank(cell) for cell in sheet.rows[row - 1][:width])


def _line(sheet: Sheet, layout: Layout, row: int) -> Line:
    try:
        code = as_text(sheet.cell(row, layout.place[CODE])).upper()
    except ValueError:
        code = "?"
    name = sheet.cell(row, layout.place[NAME])
    return Line(row, code, name[:100] if isinstance(name, str) else "")


def _present(officer: Officer, scope: Scope, codes: Sequence[str]) -> Mapping[str, Present]:
    """What the lines are about, as far as the officer fills it."""
    own = kept(officer).filter(open_on(scope.period.last_day), subject=scope.subject, code__in=set(codes))
    found = present_of(list(own.select_related("division")), scope.period, officer)
    return {each.facility.code: each for each in found}


def _refusal(line: Line, present: Mapping[str, Present], times: Mapping[str, int]) -> str:
    if not line.code:
        return NO_CODE
    if line.code not in present:
        return UNKNOWN
    return TWICE if times[line.code] > 1 else ""


def _closed_to(present: Present, line: Line) -> str:
    """Why nothing of a line can be imported, although it says something new."""
    if not line.edits and not line.refused:
        return ""
    period = present.survey.period
    if not present.survey.is_open:
        return SENT
    if present.opening and not all(present.is_open(edit["key"]) for edit in line.edits):
        return present.opening.sentence
    if not present.is_begun and (period.year, period.quarter) != quarter_of(today()):
        return NOT_NOW
    return ""
