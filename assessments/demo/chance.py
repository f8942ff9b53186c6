"""Chance that always falls alike: what is drawn depends on what it is drawn for, and on nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")


def share(seed: str, *purpose: object) -> float:
    """From 0 to just below 1."""
    said = " ".join([seed, *map(str, purpose)])
    return int.from_bytes(hashlib.sha256(said.encode()).digest()[:8]) / 2**64


def number(below: int, seed: str, *purpose: object) -> int:
    return int(share(seed, *purpose) * below)


def pick(items: Sequence[Item], seed: str, *purpose: object) -> Item:
    return items[number(len(items), seed, *purpose)]
