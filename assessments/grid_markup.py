"""The cells of a grid in HTML. A town has nine hundred: in a template they cost more than all else of the page. What
the cells of a column share is put into its markup once; each cell fills the slots that are left."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from django.utils.html import format_html, format_html_join

from assessments.grid_cells import Cell, Column, Entry

CELL = '<td id="c-{code}-{number}" data-c="{number}" class="{marks}"{told}>'
TICK = (
    '<label class="grid__tick"><input type="checkbox" form="f-{code}" name="{field}" value="{item}"'
    ' aria-labelledby="r-{code} q-{key} h-{number}"{held}></label>'
)
CHOICE = '<select form="f-{code}" name="{key}" aria-labelledby="r-{code} q-{key}">{held}</select>'
TYPED = (
    '<input type="text" form="f-{code}" name="{key}" value="{held}" inputmode="{inputmode}"'
    ' aria-labelledby="r-{code} q-{key}"{invalid}>'
)
FIELDS = {"tick": TICK, "choice": CHOICE, "number": TYPED, "text": TYPED}
OPTION = '<option value="{}"{}>{}</option>'
END = "{further}</td>"
#: filled cell by cell
SLOTS = {slot: f"{{{slot}}}" for slot in ("code", "marks", "told", "held", "invalid", "further")}

TOLD = ' data-key="{}" data-unread="{}" data-warning="{}" data-previous="{}" data-error="{}"{}'
CONFLICT = ' data-mine="{}" data-theirs="{}" data-take="{}:{}"'
KEPT = (
    '<input type="hidden" form="f-{code}" name="{key}__revision" value="{base}">'
    '<input type="hidden" form="f-{code}" name="{key}__note" value="{note}">'
    '<input type="hidden" form="f-{code}" name="{key}__reason" value="{reason}">{wrong}'
)
ERROR = '<small class="grid__error">{}</small>'
NOT_ASKED = '<td class="is-na" id="c-{}-{}" title="{}">{}</td>'
WHY_NOT = '<span class="visually-hidden">{}</span>不适用'

NOTHING = format_html("{}", "")
CHECKED, SELECTED = format_html(" {}", "checked"), format_html(" {}", "selected")
INVALID = format_html(' aria-invalid="{}"', "true")
TICKED = format_html('✓<span class="visually-hidden">{}</span>', "有")
UNABLE = format_html("<small>{}</small>", "无法提供")


@dataclass(frozen=True)
class ColumnMarkup:
    """``writable``: the cells are fields of the line's form, else words."""

    column: Column
    writable: bool

    @cached_property
    def _slotted(self) -> str:
        column = self.column
        shared = {"number": column.number, "key": column.key, "field": column.field, "item": column.item}
        field = FIELDS[column.kind] if self.writable else "{held}"
        return format_html(CELL + field + END, inputmode=column.inputmode, **shared, **SLOTS)

    @cached_property
    def _of(self) -> str:
        return format_html(' data-of="{}"', self.column.key)

    @cached_property
    def _options(self) -> dict[str, str]:
        return {}

    def cell(self, cell: Cell) -> str:
        entry, code = cell.entry, cell.entry.line.facility.code
        if entry.why_not:
            why = format_html(WHY_NOT, entry.why_not) if self.column.is_first else NOTHING
            return format_html(NOT_ASKED, code, self.column.number, entry.why_not, why)
        return format_html(
            self._slotted,
            code=code,
            marks=cell.marks,
            told=_told(entry) if self.column.is_first else self._of,
            held=self._held(cell),
            invalid=INVALID if entry.error else NOTHING,
            further=self._further(entry, code) if self.column.is_first or entry.error else NOTHING,
        )

    def _held(self, cell: Cell) -> str:
        match self.column.kind, self.writable:
            case "tick", writable:
                return (CHECKED if writable else TICKED) if cell.ticked else NOTHING
            case "choice", True:
                return self._options_with(cell.text)
            case "choice", False:
                return next((choice.label for choice in self.column.question.choices if choice.value == cell.text), "")
        return cell.text

    def _options_with(self, chosen: str) -> str:
        """Made once for each choice of the column."""
        if chosen not in self._options:
            offered = [("", ""), *((choice.value, choice.label) for choice in self.column.question.choices)]
            each = ((value, SELECTED if value and value == chosen else NOTHING, label) for value, label in offered)
            self._options[chosen] = format_html_join("", OPTION, each)
        return self._options[chosen]

    def _further(self, entry: Entry, code: str) -> str:
        """What the first cell carries for the whole question, and what is wrong with any."""
        wrong = format_html(ERROR, entry.error) if entry.error else NOTHING
        if not self.column.is_first:
            return wrong
        if not self.writable:
            return format_html("{}{}", UNABLE if entry.reason else NOTHING, wrong)
        key, base, note, reason = self.column.key, entry.base, entry.note, entry.reason
        return format_html(KEPT, code=code, key=key, base=base, note=note, reason=reason, wrong=wrong)


def _told(entry: Entry) -> str:
    """What the script reads of a question."""
    key, conflict = entry.question.key, NOTHING
    if entry.conflict:
        conflict = format_html(CONFLICT, entry.mine, entry.theirs, key, entry.conflict.theirs.revision)
    return format_html(TOLD, key, entry.unread, entry.warning, entry.previous, entry.error, conflict)
