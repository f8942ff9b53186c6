"""From the roster to tenures: whose post counts as whose, which facts and approvals hold on which days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal

from assessments.subsidies.months import Stretch, cut
from assessments.subsidies.tenures import Tenure
from facilities.models import Fact, Post

Served = Mapping[int, Sequence[tuple[date, Decimal]]]  # facility → since when which number, oldest first


def tenures_of(posts: Iterable[Post], served: Served, pay: Mapping[int, Decimal], period: Stretch) -> list[Tenure]:
    """Posts with their facilities; ``pay``: post → 兼职报酬 per month of the period. Only the days of the period."""
    found = list(posts)
    persons = persons_of(found)
    return [
        tenure
        for post in found
        for tenure in _tenures(post, persons[post.pk], served.get(post.facility_id, ()), pay.get(post.pk), period)
    ]


def persons_of(posts: Sequence[Post]) -> dict[int, str]:
    """Post → the person. Two posts are one person's where the name is the same and so is the place, the phone or the
    certificate: a name alone may be another's. The person is called by the oldest of the posts."""
    persons: dict[int, str] = {}
    known: dict[tuple[str, str], set[str]] = defaultdict(set)
    for post in sorted(posts, key=lambda post: post.pk):
        marks = [(post.name, mark) for mark in _marks(post)]
        same = {person for mark in marks for person in known[mark]}
        person = min(same, key=int, default=str(post.pk))
        persons[post.pk] = person
        for other in same - {person}:  # two that seemed different are one
            persons.update({pk: person for pk, each in persons.items() if each == other})
            for called in known.values():
                if other in called:
                    called.discard(other)
                    called.add(person)
        for mark in marks:
            known[mark].add(person)
    return persons


def _marks(post: Post) -> list[str]:
    told = {"at": str(post.facility_id), "phone": post.phone, "certificate": post.certificate}
    return [f"{what} {value}" for what, value in told.items() if value]


def _tenures(
    post: Post, person: str, served: Sequence[tuple[date, Decimal]], pay: Decimal | None, period: Stretch
) -> Iterator[Tenure]:
    """Whoever is extra is told anew from the day of the approval, and from each day that has a new 服务对象."""
    first, last = max(post.starts, period.first), min(post.ends or period.last, period.last)
    if first > last:
        return
    changes = [day for day in (post.approved_on, *(since for since, _ in served)) if day] if post.extra else []
    for days in cut(Stretch(first, last), changes):
        yield Tenure(
            person=person,
            kind=post.get_kind_display(),
            start=days.first,
            end=days.last,
            community=post.facility.code,
            filed=post.filed_on is not None,
            public_servant=post.is_public_servant,
            pay=pay,
            extra=post.extra,
            approved=post.approved_on is not None and post.approved_on <= days.first,
            served=_in_force(served, days.first),
        )


def _in_force(served: Sequence[tuple[date, Decimal]], day: date) -> Decimal | None:
    return next((number for since, number in reversed(served) if since <= day), None)


def served_by(facts: Iterable[Fact]) -> Served:
    """``facts`` are served_population's, oldest first."""
    found: dict[int, list[tuple[date, Decimal]]] = defaultdict(list)
    for fact in facts:
        found[fact.facility_id].append((fact.since, Decimal(fact.value)))
    return found
