"""Fixture → rows: editions are published once and never change; what explains them may be mended."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.db import DatabaseError, transaction

from standards.edition import Edition, Indicator
from standards.files import EditionFile, Fixtures, read_fixtures, toml_of
from standards.models import Clause, Requirement, Standard, StandardFile
from standards.rules import parse_dictionary, parse_edition, parse_interpretations
from standards.rules.flaws import Flaws

CHANGED = "已发布的版本不得修改，而内容与发布时不同；恢复原文，另建新版本文件"
#: loaded_hash → edition: parsed once a process
_parsed: dict[str, Edition] = {}


def edition_of(standard: Standard) -> Edition:
    """The edition as published. One query where it is not cached, none where it is."""
    edition = _parsed.get(standard.loaded_hash)
    if edition is None:
        edition = _parsed[standard.loaded_hash] = _parse(standard.file)
    return edition


def _parse(file: StandardFile) -> Edition:
    dictionary = parse_dictionary(toml_of(file.indicators, "indicators.toml"), "indicators.toml")
    readings = parse_interpretations(toml_of(file.interpretations, "interpretations.toml"), "interpretations.toml")
    name = f"{file.standard_id}.toml"
    return parse_edition(toml_of(file.text, name), dictionary, readings, name)


def read_editions(folder: Path) -> list[Edition]:
    """From files, without the database. Raises ``Flaws``."""
    return read_fixtures(folder).editions


def load_standards(folder: Path, check: bool = False) -> list[str]:
    """Publish the editions of ``folder`` and mend the explanations of those published; a sentence for each.

    All or nothing: raises ``Flaws`` if anything is refused. With ``check`` everything is parsed and compared with what
    is published, and nothing is written."""
    fixtures = read_fixtures(folder)
    if check:
        return _checked(fixtures)
    with transaction.atomic():
        published = _published()
        _refuse_changes(published, fixtures)
        return [_load(file, published.get(_edition_key(file)), fixtures) for file in fixtures.files]


def _checked(fixtures: Fixtures) -> list[str]:
    """Against what is published too, where there is a database to ask."""
    try:
        _refuse_changes(_published(), fixtures)
    except DatabaseError:
        return [f"{file.name}: 合格（没有数据库，未与已发布的版本比对）" for file in fixtures.files]
    return [f"{file.name}: 合格" for file in fixtures.files]


def _published() -> dict[tuple[str, date], Standard]:
    return {(each.key, each.effective): each for each in Standard.objects.select_related("file")}


def _edition_key(file: EditionFile) -> tuple[str, date]:
    return file.edition.key, file.edition.effective


def _load(file: EditionFile, published: Standard | None, fixtures: Fixtures) -> str:
    loaded_hash = _digest([file.text, fixtures.indicators_text, fixtures.interpretations_text])
    if published is None:
        _publish(file, fixtures, loaded_hash)
        return f"{file.name}: 已发布"
    if published.loaded_hash == loaded_hash:
        return f"{file.name}: 没有变化"
    _mend(published, file, fixtures, loaded_hash)
    return f"{file.name}: 内容没有变化，说明文字已更新"


def _publish(file: EditionFile, fixtures: Fixtures, loaded_hash: str) -> None:
    edition = file.edition
    standard = Standard.objects.create(
        key=edition.key,
        effective=edition.effective,
        until=edition.until,
        title=edition.title,
        source=edition.source,
        subjects=list(edition.subjects),
        by_adoption=edition.by_adoption,
        content_hash=content_hash(file),
        loaded_hash=loaded_hash,
    )
    StandardFile.objects.create(standard=standard, **_texts(file, fixtures))
    _publish_clauses(standard, edition)


def _publish_clauses(standard: Standard, edition: Edition) -> None:
    position = 0
    for place, clause in enumerate(edition.clauses):
        row = Clause.objects.create(
            standard=standard, key=clause.key, number=clause.number, title=clause.title, position=place
        )
        requirements = []
        for each in clause.requirements:
            requirements.append(
                Requirement(
                    clause=row,
                    standard=standard,
                    key=each.key,
                    label=each.label,
                    force=each.force,
                    gap=each.gap or "",
                    position=position,
                )
            )
            position += 1
        Requirement.objects.bulk_create(requirements)


def _mend(standard: Standard, file: EditionFile, fixtures: Fixtures, loaded_hash: str) -> None:
    """Comments, labels, 口径 and interpretations may be put better; what they explain stays as published."""
    StandardFile.objects.filter(standard=standard).update(**_texts(file, fixtures))
    standard.loaded_hash = loaded_hash
    standard.save(update_fields=["loaded_hash"])


def _texts(file: EditionFile, fixtures: Fixtures) -> dict[str, str]:
    return {
        "text": file.text,
        "indicators": fixtures.indicators_text,
        "interpretations": fixtures.interpretations_text,
    }


def _refuse_changes(published: Mapping[tuple[str, date], Standard], fixtures: Fixtures) -> None:
    """A published edition never changes, nor does what its facts mean, whether or not its file is still there."""
    sentences = [
        f"{file.name}: {CHANGED} {file.edition.key}.<新的生效日期>.toml"
        for file in fixtures.files
        if (standard := published.get(_edition_key(file))) and standard.content_hash != content_hash(file)
    ]
    for standard in published.values():
        for indicator in edition_of(standard).indicators.values():
            if wrong := _changed(indicator, fixtures.dictionary.get(indicator.key)):
                used = f"已发布的 {standard.key}.{standard.effective} 用到它"
                sentences.append(f"indicators.toml: {indicator.key}: {wrong}，{used}；恢复原样，改用新的数据项")
    if sentences:
        raise Flaws(list(dict.fromkeys(sentences)))


def _changed(old: Indicator, new: Indicator | None) -> str:
    """What changed in the shape of a fact; choices may be added, since no published rule or answer loses by it."""
    if new is None:
        return "数据项被删去"
    for name in ("type", "unit", "places"):
        if getattr(old, name) != getattr(new, name):
            return f"{name} 由“{getattr(old, name)}”改成“{getattr(new, name)}”"
    lost = {choice.value for choice in old.choices} - {choice.value for choice in new.choices}
    return f"选项“{'、'.join(sorted(lost))}”被删去" if lost else ""


def content_hash(file: EditionFile) -> str:
    """SHA-256 of what may never change: the file as data (not its comments), and the shape of the facts it uses.
    The choices of a fact are held by ``_changed``: they may grow."""
    shapes = {each.key: [each.type, each.unit, each.places] for each in file.edition.indicators.values()}
    return _digest({"edition": file.data, "indicators": shapes})


def _digest(data: Any) -> str:
    text = json.dumps(_canonical(data), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _canonical(data: Any) -> Any:
    """The same for the same content: numbers by value (0.10 is 0.1, 5 is 5.0), dates as text."""
    match data:
        case dict():
            return {key: _canonical(value) for key, value in data.items()}
        case list():
            return [_canonical(value) for value in data]
        case bool() | str():
            return data
        case int() | Decimal():
            return {"number": f"{Decimal(data).normalize():f}"}
    return {"date": str(data)}
