"""A tenure: one person in one post from a day to a day, as far as the subsidy asks."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

FULL_TIME, PART_TIME = "专职", "兼职"
KINDS = (FULL_TIME, PART_TIME)


@dataclass(frozen=True, eq=False)  # two posts may be described alike
class Tenure:
    """``start`` and ``end`` are both worked days; no end is still there. ``extra``: beyond the first 专职 of the
    community. ``served``: its 服务对象; ``pay``: 兼职报酬 per month; None where not recorded."""

    person: str
    kind: str
    start: date
    end: date | None = None
    community: str = ""
    filed: bool = True
    public_servant: bool = False
    pay: Decimal | None = None
    extra: bool = False
    approved: bool = False
    served: Decimal | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)

    @property
    def rank(self) -> tuple[object, ...]:
        """An order that does not ask in which order the tenures were given."""
        flags = (not self.filed, self.public_servant, self.extra, self.approved)
        figures = (Decimal(-1) if figure is None else figure for figure in (self.pay, self.served))
        return (self.person, self.start, self.end or date.max, self.kind, self.community, *flags, *figures)
