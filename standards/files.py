"""The fixtures on disk: read, parsed and refused together. Pure: no database, no Django."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from standards.edition import Edition, Indicator, Interpretation
from standards.rules import parse_dictionary, parse_edition, parse_interpretations
from standards.rules.flaws import Flaws

INDICATORS, INTERPRETATIONS, STANDARDS = "indicators.toml", "interpretations.toml", "standards"
Parsed = TypeVar("Parsed")


@dataclass(frozen=True)
class EditionFile:
    """One ``standards/<key>.<effective>.toml``: its text, the same as data, and as an edition."""

    name: str
    text: str
    data: Mapping[str, Any]
    edition: Edition


@dataclass(frozen=True)
class Fixtures:
    """Everything that a folder of fixtures says about standards, with the texts of the two shared files."""

    dictionary: Mapping[str, Indicator]
    interpretations: Mapping[str, Interpretation]
    files: tuple[EditionFile, ...]
    indicators_text: str
    interpretations_text: str

    @property
    def editions(self) -> list[Edition]:
        return [file.edition for file in self.files]


def toml_of(text: str, file: str) -> dict[str, Any]:
    """Numbers exact. Raises ``Flaws`` where the text is not TOML."""
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise Flaws([f"{file}: 不是合格的 TOML（{error}）；改正写法后再装载"]) from None
    except (ValueError, ArithmeticError, RecursionError):  # digits or depth without end
        raise Flaws([f"{file}: 不是合格的 TOML（数字过长或嵌套过深）；改正写法后再装载"]) from None


def text_of(path: Path) -> str:
    """Raises ``Flaws`` where the file cannot be read as UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Flaws([f"{path.name}: 没有这个文件；补上文件，或检查路径"]) from None
    except (UnicodeDecodeError, OSError):
        raise Flaws([f"{path.name}: 读不出来，可能不是 UTF-8 编码；另存为 UTF-8 后再装载"]) from None


def read_fixtures(folder: Path) -> Fixtures:
    """Raises ``Flaws`` with every flaw of every file."""
    sentences: list[str] = []
    indicators_text, dictionary = _shared(folder / INDICATORS, parse_dictionary, sentences)
    interpretations_text, interpretations = _shared(folder / INTERPRETATIONS, parse_interpretations, sentences)
    if sentences:
        raise Flaws(sentences)
    files = _edition_files(folder / STANDARDS, dictionary, interpretations)
    return Fixtures(dictionary, interpretations, files, indicators_text, interpretations_text)


def _shared(
    path: Path, parse: Callable[[dict[str, Any], str], dict[str, Parsed]], sentences: list[str]
) -> tuple[str, dict[str, Parsed]]:
    try:
        text = text_of(path)
        return text, parse(toml_of(text, path.name), path.name)
    except Flaws as flaws:
        sentences.extend(flaws.sentences)
        return "", {}


def _edition_files(
    folder: Path, dictionary: Mapping[str, Indicator], interpretations: Mapping[str, Interpretation]
) -> tuple[EditionFile, ...]:
    files, sentences = [], []
    for path in sorted(folder.glob("*.toml")):
        try:
            files.append(_edition_file(path, dictionary, interpretations))
        except Flaws as flaws:
            sentences.extend(flaws.sentences)
    if sentences:
        raise Flaws(sentences)
    return tuple(files)


def _edition_file(
    path: Path, dictionary: Mapping[str, Indicator], interpretations: Mapping[str, Interpretation]
) -> EditionFile:
    text = text_of(path)
    data = toml_of(text, path.name)
    edition = parse_edition(data, dictionary, interpretations, path.name)
    name = f"{edition.key}.{edition.effective}.toml"
    if path.name != name:
        raise Flaws([f"{path.name}: 文件名与 key、effective 不符；改名为 {name}，或改正 key、effective"])
    return EditionFile(path.name, text, data, edition)
