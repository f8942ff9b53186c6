"""Every address of the project, and what to put into it."""

from collections.abc import Iterator
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver, reverse

EDITION = {"key": "town_office", "effective": "2016-01-01"}
#: what an address needs besides the facility's code and the quarter
MORE = {
    "standards:standard": EDITION,
    "standards:clause": EDITION | {"number": "7"},
    "standards:requirement": EDITION | {"requirement": "town.7.computer"},
    "assessments:clause": {"number": "7"},
    "assessments:answer": {"indicator": "computer_count"},
}
#: case → the quarter of the address; "-" stands for addresses that name none
QUARTERS = {"never": "2026Q1", "full": "2026Q2", "sent": "2026Q3", "draft": "2026Q4"}
#: what a POST sends; nothing elsewhere
POSTED = {
    "assessments:answer": {
        "operation": str(UUID(int=1)),
        "computer_count": "6",
        "computer_count__revision": "2",
    },
}


def every_name() -> list[str]:
    """Of each pattern of the resolver, with its namespaces."""
    return sorted(_names(get_resolver(), ""))


def _names(resolver: URLResolver, inside: str) -> Iterator[str]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{inside}{pattern.name}"
        else:
            yield from _names(pattern, f"{inside}{pattern.namespace}:" if pattern.namespace else inside)


def parameters(name: str) -> set[str]:
    """The names of an address's parameters."""
    *namespaces, last = name.split(":")
    resolver = get_resolver()
    for namespace in namespaces:
        resolver = resolver.namespace_dict[namespace][1]
    return set(resolver.reverse_dict.getlist(last)[0][0][0][1])


def cases(name: str) -> list[str]:
    return list(QUARTERS) if "period" in parameters(name) else ["-"]


def address(name: str, case: str, code: str) -> str:
    """The address for a facility's code and the case's quarter."""
    place = {"code": code, "period": QUARTERS.get(case, "")}
    wanted = parameters(name)
    return reverse(name, kwargs={key: value for key, value in (place | MORE.get(name, {})).items() if key in wanted})
