"""A draw is made: from the facilities that are due in a quarter and whose report stands, by a seed, for good."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from assessments.earlier import valid
from assessments.models import Draw, DueSurvey, Period, Snapshot, SpotCheck, Survey
from assessments.refusals import Overtaken, Refused
from assessments.spot_checks.drawing import Member, Stratum, frame_from, hash_of, strata_of
from assessments.spot_checks.policy import policy
from assessments.spot_checks.reach import require_city
from facilities.models import Officer
from standards.parsing import shown_characters

LONGEST_SEED, LONGEST_NOTE = 64, 300
REPORTED = (Survey.SUBMITTED, Survey.ACCEPTED)


def fresh_seed() -> str:
    """Sixteen hexadecimal digits that nobody can foresee."""
    return secrets.token_hex(8)


@transaction.atomic
def draw(period: Period, officer: Officer, seed: str, units: Collection[str] = (), note: str = "") -> Draw:
    """``units``: codes of those that are inspected, all where none is named; without a seed one is made. Raises
    Refused, Overtaken, PermissionDenied."""
    require_city(officer)
    seed = _seed(seed)
    words = " ".join(shown_characters(note).split())
    if len(words) > LONGEST_NOTE:
        raise Refused("note", f"最多 {LONGEST_NOTE} 字，现在 {len(words)} 字，请缩短。")
    rows = framed(period, units)
    if not rows:
        raise Refused("period", f"{period}在所选的报送单位里还没有已提交或已通过的核查表，不能抽查。")
    frame = [Member(row.facility.code, row.unit.code, row.subject) for row in rows if row.unit]
    made = Draw(period=period, seed=seed, share=policy().share, minimum=policy().minimum, note=words, by=officer)
    made.frame, made.frame_hash = [list(member) for member in frame], hash_of(frame)
    made.at, made.is_demo = timezone.now(), settings.DEMO
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Overtaken(f"{period}已经用这个种子抽过一次。同一个种子只抽一次，请换一个。") from None
    drawn = {code for stratum in strata_in(made) for code in stratum.drawn}
    SpotCheck.objects.bulk_create(_check(made, row) for row in rows if row.facility.code in drawn)
    return made


def _seed(said: str) -> str:
    seed = "".join(shown_characters(said).split())
    if len(seed) > LONGEST_SEED:
        raise Refused("seed", f"种子最多 {LONGEST_SEED} 个字符，现在 {len(seed)} 个，请缩短。")
    return seed or fresh_seed()


def framed(period: Period, units: Collection[str] = ()) -> Sequence[DueSurvey]:
    """What can be drawn, in the order of the codes, each with ``reported``, the snapshot that stands: one query. What
    reports to no unit belongs to no stratum."""
    snapshots = Snapshot.objects.filter(
        survey__facility=OuterRef("facility"), survey__period=OuterRef("period"), survey__state__in=REPORTED
    )
    newest = valid(snapshots).order_by("-number").values("pk")[:1]
    due = DueSurvey.objects.filter(period=period).exclude(unit=None)
    if units:
        due = due.filter(unit__code__in=units)
    found = due.annotate(reported=Subquery(newest)).exclude(reported=None)
    return list(found.select_related("facility", "unit").order_by("facility__code"))


def _check(made: Draw, row: DueSurvey) -> SpotCheck:
    reported: int = row.reported  # type: ignore[attr-defined]
    return SpotCheck(draw=made, facility=row.facility, unit=row.unit, subject=row.subject, snapshot_id=reported)


def strata_in(made: Draw) -> list[Stratum]:
    return strata_of(frame_from(made.frame), made.seed, made.share, made.minimum)


def differences_of(made: Draw) -> list[str]:
    """What of a stored draw does not follow from its seed and frame, a Chinese sentence each; none where all does."""
    said = []
    if (now := hash_of(frame_from(made.frame))) != made.frame_hash:
        said.append(f"名单的散列对不上：存的是 {made.frame_hash}，重算是 {now}")
    follows = {code for stratum in strata_in(made) for code in stratum.drawn}
    kept = dict(made.checks.values_list("facility__code", "unit__code"))
    said += [f"按种子应当抽中 {code}，记录里没有" for code in sorted(follows - kept.keys())]
    said += [f"记录里有 {code}，按种子没有抽中" for code in sorted(kept.keys() - follows)]
    framed_under = {member.code: member.unit for member in frame_from(made.frame)}
    said += [
        f"{code} 在名单里属于 {framed_under[code]}，记录里是 {unit}"
        for code, unit in sorted(kept.items())
        if code in framed_under and framed_under[code] != unit
    ]
    return said
