"""The summaries, kept: what a survey's change of state adds and takes away.

All areas meet in the city's rows, so whoever writes holds the quarter's row first, whatever the number of surveys: two
acts at once follow one another and never wait in a ring. It is the last thing that a verb does."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from django.db import transaction

from assessments.deadlines import Due, due_of
from assessments.models import DueSurvey, Judgement, Period, Progress, Snapshot, Summary, Survey
from assessments.summaries.areas import Area, areas_of, rows_of, tally, the_city
from assessments.summaries.counting import Key, Sums, contributions
from assessments.timeliness import timeliness
from standards.loading import edition_of
from standards.outcomes import Judgement as Judged

BATCH = 500
PROGRESS = ("due", "begun", "submitted", "returned", "accepted", "on_time", "void", "late")
SUMS = ("facilities", "judged", "reached", "numbered", "required", "actual", "lacking", "gap", "score")
WRITTEN = (*SUMS, "counts", "unit_word")
COUNTED = ("state", "timeliness", "counted")

Sign = tuple[Judgement, int]


def refresh(survey: Survey) -> None:
    """Brings the sums of the survey's areas to what the survey says now. Called inside the transaction of each verb
    that changes its state, with its row locked; done twice it changes nothing more. A facility that is not due in the
    quarter is not counted."""
    refresh_all([survey])


@transaction.atomic
def refresh_all(surveys: Sequence[Survey]) -> None:
    """As ``refresh``, for surveys of one quarter: a handful of statements, however many."""
    if not surveys:
        return
    period = held(surveys[0].period_id)
    own = {survey.facility_id: survey for survey in surveys}
    dues = DueSurvey.objects.filter(period=period, facility__in=list(own)).select_related("unit").order_by("pk")
    _bring(period, [(due, own[due.facility_id]) for due in dues])


def held(period: int) -> Period:
    """The quarter's row, locked until the transaction ends; surveys may still be begun in it meanwhile."""
    return Period.objects.select_for_update(of=("self",), no_key=True).get(pk=period)


# ── What is counted of a survey, and what is to be ────────────────────────────


def standing(due: Due, survey: Survey) -> tuple[str, str]:
    """State and timeliness, as counted."""
    return survey.state, timeliness(due, survey.submitted_at, survey.state != Survey.RETURNED)


def accepted_judgements(surveys: Iterable[Survey]) -> dict[int, list[Judgement]]:
    """survey → the judgement of its last acceptance, not those beside it; of those that are accepted now."""
    wanted = [survey.pk for survey in surveys if survey.state == Survey.ACCEPTED]
    if not wanted:
        return {}
    found = Judgement.objects.filter(survey__in=wanted, snapshot__kind=Snapshot.ACCEPTED, beside=False)
    newest: dict[int, list[Judgement]] = {}
    for judgement in found.select_related("snapshot", "standard").defer("snapshot__content").order_by("pk"):
        kept = newest.setdefault(judgement.survey_id, [])
        if kept and kept[0].snapshot.number < judgement.snapshot.number:
            kept.clear()
        if not kept or kept[0].snapshot_id == judgement.snapshot_id:
            kept.append(judgement)
    return newest


def _counted_before(dues: Iterable[DueSurvey]) -> dict[int, list[Judgement]]:
    """due survey → the judgements that stand in the sums now: those of the snapshot that ``counted`` is of."""
    counted = {due.counted_id: due.pk for due in dues if due.counted_id}
    if not counted:
        return {}
    snapshots = Judgement.objects.filter(pk__in=list(counted)).values("snapshot")
    found: dict[int, list[Judgement]] = {}
    owner = {}
    own = Judgement.objects.filter(snapshot__in=snapshots, beside=False)
    judgements = list(own.select_related("standard").order_by("pk"))
    for judgement in judgements:
        if judgement.pk in counted:
            owner[judgement.snapshot_id] = counted[judgement.pk]
    for judgement in judgements:
        found.setdefault(owner[judgement.snapshot_id], []).append(judgement)
    return found


def sums_of(judgement: Judgement, subject: str) -> dict[Key, Sums]:
    return contributions(edition_of(judgement.standard), subject, Judged.from_json(judgement.content))


# ── Differences, added ────────────────────────────────────────────────────────


def _bring(period: Period, pairs: Sequence[tuple[DueSurvey, Survey]]) -> None:
    moved, sums = _differences(period, pairs)
    if not moved:
        return
    _add_progress(period, moved)
    if sums:
        _add_sums(period, sums)
    if len(pairs) == 1:
        pairs[0][0].save(update_fields=COUNTED)
    else:
        DueSurvey.objects.bulk_update([due for due, _ in pairs], COUNTED, batch_size=100)


Moved = dict[tuple[Area, str], Counter[str]]
Added = dict[tuple[Area, Key], Sums]


def _differences(period: Period, pairs: Sequence[tuple[DueSurvey, Survey]]) -> tuple[Moved, Added]:
    """What changes in which rows; the due surveys say from now on what is counted of them."""
    due_day, city = due_of(period), the_city()
    new, old = accepted_judgements(survey for _, survey in pairs), _counted_before(due for due, _ in pairs)
    moved: Moved = {}
    sums: Added = {}
    for due, survey in pairs:
        state, timely = standing(due_day, survey)
        judged = new.get(survey.pk, [])
        counted = judged[0].pk if judged else None
        if (state, timely, counted) == (due.state, due.timeliness, due.counted_id):
            continue
        for area in areas_of(due, city):
            fields = moved.setdefault((area, due.subject), Counter())
            fields.subtract(tally(due.state, due.timeliness))
            fields.update(tally(state, timely))
        if counted != due.counted_id:
            signed = [(j, -1) for j in old.get(due.pk, [])] + [(j, 1) for j in judged]
            _sum_up(sums, areas_of(due, city), due.subject, signed)
        due.state, due.timeliness, due.counted_id = state, timely, counted
    return moved, sums


def _sum_up(sums: Added, areas: Iterable[Area], subject: str, judgements: Iterable[Sign]) -> None:
    for judgement, sign in judgements:
        added = sums_of(judgement, subject)
        for area in areas:
            for key, each in added.items():
                sums.setdefault((area, key), Sums()).add(each, sign)


def _add_progress(period: Period, moved: Moved) -> None:
    areas = {area for area, _ in moved}
    rows = Progress.objects.filter(rows_of(areas), period=period, subject__in={subject for _, subject in moved})
    there = {(Area(row.kind, row.area, row.parent), row.subject): row for row in rows}
    for place, fields in moved.items():
        row = there[place]
        for name, number in fields.items():
            setattr(row, name, getattr(row, name) + number)
    Progress.objects.bulk_create(
        there.values(), update_conflicts=True, unique_fields=["id"], update_fields=PROGRESS, batch_size=BATCH
    )


def _add_sums(period: Period, sums: Added) -> None:
    keys = {key for _, key in sums}
    asked = {"subject__in": {key.subject for key in keys}, "standard__in": {key.standard for key in keys}}
    rows = Summary.objects.filter(rows_of({area for area, _ in sums}), period=period, **asked)
    there = {(Area(row.kind, row.area, row.parent), key_of(row)): row for row in rows}
    new: list[Summary] = []
    kept: list[Summary] = []
    gone: list[Summary] = []
    for (area, key), added in sums.items():
        row = there.get((area, key))
        if row is None:
            new.append(made(period, area, key, added))
            continue
        add_to(row, added)
        (kept if row.facilities else gone).append(row)
    Summary.objects.bulk_create(new, batch_size=BATCH)
    Summary.objects.bulk_create(
        kept, update_conflicts=True, unique_fields=["id"], update_fields=WRITTEN, batch_size=BATCH
    )
    if gone:
        Summary.objects.filter(pk__in=[row.pk for row in gone]).delete()


def key_of(row: Summary) -> Key:
    return Key(row.subject, row.standard, row.clause, row.requirement, row.item)


def made(period: Period, area: Area, key: Key, sums: Sums) -> Summary:
    row = Summary(period=period, kind=area.kind, area=area.code, parent=area.parent, **key._asdict())
    add_to(row, sums)
    return row


def add_to(row: Summary, sums: Sums) -> None:
    for name in SUMS:
        setattr(row, name, getattr(row, name) + getattr(sums, name))
    counts = Counter(row.counts)
    counts.update(sums.counts)
    row.counts = {word: counts[word] for word in sorted(counts) if counts[word]}
    row.unit_word = sums.unit_word or row.unit_word
