"""What a bulletin and an appraisal have in common: a content that is a draft until it is published and then frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Publishable:
    """``content`` as its workflow's ``content_shown`` gives it."""

    content: Mapping[str, Any]

    @property
    def title(self) -> str:
        title: str = self.content["title"]
        return title

    @property
    def is_demo(self) -> bool:
        return bool(self.content["demo"])

    @property
    def published_at(self) -> datetime | None:
        published = self.content.get("published")
        return datetime.fromisoformat(published["at"]) if published else None

    @property
    def as_of(self) -> datetime:
        return datetime.fromisoformat(self.content["as_of"])
