"""The texts of an official document as a form shows them: what was typed, what is wrong with it, what another saved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any


def text_fields(
    labels: Mapping[str, str],
    prose: Collection[str],
    typed: Mapping[str, str],
    errors: Sequence[tuple[str, str]],
    theirs: object | None,
) -> list[dict[str, Any]]:
    """In the order of ``labels`` (name → label); ``prose`` are those of several paragraphs. ``theirs`` is what somebody
    else saved in between: shown where it differs from what was typed."""
    wrong = dict(errors)
    return [
        {
            "name": name,
            "label": label,
            "value": typed[name],
            "error": wrong.get(name, ""),
            "theirs": getattr(theirs, name) if theirs and getattr(theirs, name) != typed[name] else "",
            "prose": name in prose,
        }
        for name, label in labels.items()
    ]
