"""What a seed draws from a frame. Pure, and so plain that anybody can do it again without this program:

A stratum is what one unit has of one subject. Within it the facilities are ordered by the SHA-256 (in hexadecimal) of
the seed directly followed by the facility's code, both as UTF-8; the first are drawn, as many as ``size_of`` says. On a
shell: ``printf '%s%s' SEED CODE | sha256sum``.

The frame's own hash is the SHA-256 of its JSON without spaces: [["440402001","440402","township"],…] in the order of
the codes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from math import ceil
from typing import NamedTuple


class Member(NamedTuple):
    """A facility of the frame: its code, its unit's code, its subject."""

    code: str
    unit: str
    subject: str


Frame = Sequence[Member]


@dataclass(frozen=True, slots=True)
class Stratum:
    unit: str
    subject: str
    members: tuple[str, ...]  # codes, in the order of drawing
    size: int

    @property
    def drawn(self) -> tuple[str, ...]:
        return self.members[: self.size]


def hash_of(frame: Frame) -> str:
    said = json.dumps([list(member) for member in frame], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(said.encode()).hexdigest()


def strata_of(frame: Frame, seed: str, share: Decimal, minimum: int) -> list[Stratum]:
    """Every stratum of the frame, in the order of units and subjects."""

    def whose(member: Member) -> tuple[str, str]:
        return member.unit, member.subject

    strata = []
    for (unit, subject), members in groupby(sorted(frame, key=whose), key=whose):
        codes = tuple(sorted((member.code for member in members), key=lambda code: (rank_of(seed, code), code)))
        strata.append(Stratum(unit, subject, codes, size_of(len(codes), share, minimum)))
    return strata


def rank_of(seed: str, code: str) -> str:
    return hashlib.sha256(f"{seed}{code}".encode()).hexdigest()


def size_of(members: int, share: Decimal, minimum: int) -> int:
    """``share`` % of them, the begun one counted whole; at least ``minimum``, at most all."""
    return min(members, max(minimum, ceil(members * share / 100)))


def frame_from(rows: Sequence[Sequence[str]]) -> list[Member]:
    """From its stored JSON."""
    return [Member(*row) for row in rows]
