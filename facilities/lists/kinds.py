"""The lists that there are, and which of them an officer may take or bring."""

from __future__ import annotations

from facilities.lists import divisions, facilities, facts, officers
from facilities.lists.lines import Kind
from facilities.models import Officer

KINDS = {kind.key: kind for kind in (facilities.KIND, facts.KIND, officers.KIND, divisions.KIND)}


def kinds_for(by: Officer) -> list[Kind]:
    return [kind for kind in KINDS.values() if kind.exports(by)]
