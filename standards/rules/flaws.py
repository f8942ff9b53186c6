"""What a fixture gets wrong, collected: every flaw is one Chinese sentence that names its place and the remedy."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from typing import Any

KEY = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*")


class Flaws(Exception):
    """A fixture was refused. ``sentences``: "file: clause: requirement: what is wrong；what to do", one line each."""

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("\n".join(sentences))
        self.sentences = list(sentences)


@dataclass(frozen=True)
class Where:
    """A place in a fixture, and the flaws found so far in the whole file (shared by all its places)."""

    file: str
    path: tuple[str, ...] = ()
    sentences: list[str] = field(default_factory=list)

    def at(self, *path: str) -> Where:
        return replace(self, path=self.path + path)

    def refuse(self, wrong: str, remedy: str) -> None:
        sentence = " ".join(": ".join((self.file, *self.path, f"{wrong}；{remedy}")).split())
        if sentence not in self.sentences:
            self.sentences.append(sentence)

    def finish(self) -> None:
        """Raise ``Flaws`` with all that was found, if anything was."""
        if self.sentences:
            raise Flaws(self.sentences)


def close_to(word: str, words: Collection[str]) -> str:
    """A remedy for a word that does not exist: the nearest that does, or the whole short list."""
    near = get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"是否应为“{near[0]}”？"
    return f"只可用：{'、'.join(words)}" if 0 < len(words) <= 20 else "请改用已有的名称"


class Table:
    """A TOML table that is read key by key; ``close`` refuses the keys that nobody read.

    A value of the wrong kind is refused and read as empty: nothing with a flaw is ever loaded."""

    def __init__(self, data: object, where: Where, name: str) -> None:
        self.where, self.name = where, f"{name} " if name[-1].isascii() else name
        self.data: Mapping[str, Any] = data if isinstance(data, dict) else {}
        self.read: list[str] = []
        if not isinstance(data, dict):
            where.refuse(f"{self.name}应是一张表", "写成 { 键 = 值 } 或 [表名] 的形式")

    def __contains__(self, key: str) -> bool:
        return key in self.data

    def take(self, key: str) -> Any:
        """The raw value, None where absent."""
        self.read.append(key)
        return self.data.get(key)

    def close(self) -> None:
        for key in self.data:
            if key not in self.read:
                self.where.refuse(f"{self.name}里有不认识的键“{key}”", close_to(key, self.read))

    def text(self, key: str, limit: int = 0, required: bool = True, blank: bool = False) -> str:
        value = self.take(key)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or not (value.strip() or blank):
            self.where.refuse(f"{self.name}的 {key} 缺失或不是文字", f'补写 {key} = "…"')
            return ""
        if limit and len(value) > limit:
            self.where.refuse(f"{self.name}的 {key} 超过 {limit} 字", "写短一些")
        return value

    def own_key(self, limit: int) -> str:
        """The ``key`` by which addresses, cases and rows know it: letters, digits, dots, dashes."""
        key = self.text("key", limit)
        if key and not KEY.fullmatch(key):
            self.where.refuse(f"key“{key}”里有不能用的字符", "只用英文字母、数字、点、下划线和连字符")
        return key

    def texts(self, key: str, one: bool = False) -> tuple[str, ...]:
        """A list of texts; with ``one`` a single text will do. Empty where absent."""
        value = self.take(key)
        if value is None:
            return ()
        listed = [value] if one and isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(item, str) and item.strip() for item in listed):
            self.where.refuse(f"{self.name}的 {key} 应是文字列表，各项不得为空", f'写成 {key} = ["…", "…"]')
            return ()
        for item in {item for item in listed if listed.count(item) > 1}:
            self.where.refuse(f"{self.name}的 {key} 重复列出“{item}”", "删去重复的一项")
        return tuple(dict.fromkeys(listed))

    def number(self, key: str) -> Decimal | None:
        value = self.take(key)
        if value is None or is_number(value):
            return None if value is None else Decimal(value)
        self.where.refuse(f"{self.name}的 {key} 应是数字", f"写成 {key} = 1 这样的数字，不加引号")
        return None

    def flag(self, key: str) -> bool:
        value = self.take(key)
        if value is not None and not isinstance(value, bool):
            self.where.refuse(f"{self.name}的 {key} 应是 true 或 false", f"写成 {key} = true，或删去")
        return value is True

    def day(self, key: str, required: bool = False) -> date | None:
        value = self.take(key)
        if is_day(value) or (value is None and not required):
            return value  # type: ignore[no-any-return]
        self.where.refuse(f"{self.name}的 {key} 缺失或不是日期", f"写成 {key} = 2016-01-01，不加引号")
        return None

    def listing(self, key: str) -> list[Any]:
        """A list of anything; empty where absent."""
        value = self.take(key)
        if value is None or isinstance(value, list):
            return value or []
        self.where.refuse(f"{self.name}的 {key} 应是列表", f"写成 {key} = [ … ]")
        return []


def is_number(value: object) -> bool:
    """A finite number as TOML gives it: int or Decimal, never bool."""
    if isinstance(value, Decimal):
        return value.is_finite()
    return isinstance(value, int) and not isinstance(value, bool)


def is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
