"""Of each difference how many facilities fall on which side, and which they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assessments.comparing import ALONE, OPEN, Row, rows_between, verdict_of
from assessments.summaries.counting import REACHED
from facilities.models import Officer
from reports.comparisons.asked import Asked
from reports.comparisons.reading import Body, Side, bodies_in, sides_of
from reports.dashboards.places import Place
from standards.outcomes import OUTCOMES

BOTH, LEFT, RIGHT, NEITHER, UNSENT = "both", "left", "right", "neither", "unsent"
MOST = 8000  # facilities that one page compares: some seconds
KINDS = (BOTH, LEFT, RIGHT, NEITHER, OPEN, ALONE)


class TooMany(Exception):
    """More facilities than one page compares: ``number``."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True, slots=True)
class Counted:
    """A row of the table: kind → how many; together exactly those that submitted."""

    row: Row
    counts: Counter[str]

    @property
    def cells(self) -> list[tuple[str, int]]:
        return [(kind, self.counts[kind]) for kind in KINDS]


@dataclass(frozen=True, slots=True)
class Line:
    """A facility behind a number: the worst that each edition finds of the row."""

    body: Body
    left: str
    right: str

    @property
    def words(self) -> tuple[tuple[str, str], tuple[str, str]]:
        left, right = ((each, OUTCOMES.get(each, "不作判定")) for each in (self.left, self.right))
        return left, right


@dataclass(frozen=True)
class Area:
    """The comparison over an area. ``bodies`` are those that submitted, ``unsent`` those of whom nothing stands."""

    place: Place
    asked: Asked
    rows: Sequence[Row]
    bodies: Sequence[Body]
    unsent: Sequence[Body]
    left: Side
    right: Side

    @property
    def words(self) -> dict[str, str]:
        """Kind → the head of its column."""
        return {
            BOTH: "都达到",
            LEFT: f"只达到{self.asked.title_left}",
            RIGHT: f"只达到{self.asked.title_right}",
            NEITHER: "都没有达到",
            OPEN: "还不能比",
            ALONE: "不是两份都判",
        }

    @property
    def counted(self) -> list[Counted]:
        return [
            Counted(row, Counter(kind_of(line.left, line.right) for line in self._lines(place)))
            for place, row in enumerate(self.rows)
        ]

    @property
    def anew(self) -> list[tuple[str, int]]:
        """Edition's name, how many it had not judged when they submitted."""
        sides = (self.asked.title_left, self.left.anew), (self.asked.title_right, self.right.anew)
        return [(title, number) for title, number in sides if number]

    def behind(self, key: str, kind: str) -> list[Line] | None:
        """The facilities behind a number; None where there is no such number."""
        if kind == UNSENT and not key:
            return [Line(body, "", "") for body in self.unsent]
        place = next((n for n, row in enumerate(self.rows) if row.key == key), None)
        if place is None or kind not in KINDS:
            return None
        return [line for line in self._lines(place) if kind_of(line.left, line.right) == kind]

    def _lines(self, place: int) -> Iterator[Line]:
        for body in self.bodies:
            if body.snapshot is not None:
                yield Line(body, self.left.worst[body.snapshot][place], self.right.worst[body.snapshot][place])


def kind_of(left: str, right: str) -> str:
    """Of the worst outcomes of both sides; 酌减达标 reaches, 偏离 does not."""
    verdict = verdict_of(left, right)
    if verdict in (OPEN, ALONE):
        return verdict
    if left in REACHED:
        return BOTH if right in REACHED else LEFT
    return RIGHT if right in REACHED else NEITHER


def area_of(officer: Officer, place: Place, asked: Asked) -> Area | None:
    """None where there are not two different editions to compare. Raises TooMany."""
    if asked.left is None or asked.right is None or asked.is_twice_the_same:
        return None
    bodies = bodies_in(officer, place, asked.period, asked.subject)
    rows = rows_between(asked.left, asked.right, asked.subject)
    sent = [body for body in bodies if body.snapshot is not None]
    if len(sent) > MOST:
        raise TooMany(len(sent))
    sides = sides_of(sent, rows, asked.left, asked.right, asked.period, asked.subject)
    return Area(place, asked, rows, sent, [body for body in bodies if body.snapshot is None], *sides)
