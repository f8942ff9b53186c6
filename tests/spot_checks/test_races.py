"""Two at once: one answer is never lost without a word, one seed draws once, one check is finished once."""

from uuid import uuid4

import pytest

from assessments.answering import Edit, Given
from assessments.models import Draw, Period, SpotCheck, SpotDifference
from assessments.refusals import Overtaken
from assessments.spot_checks import draws, inspectors, surveying
from facilities.models import Officer
from tests.assessments.test_races import at_once
from tests.spot_checks.conftest import OFFICE, SEED, fresh, reported, say
from tests.spot_checks.test_pages import build

pytestmark = pytest.mark.django_db(transaction=True)


def tried(act):
    try:
        return act()
    except Overtaken:
        return "overtaken"


def test_two_at_once():
    build()
    period, city = Period.objects.get(), Officer.objects.get(username="city")
    made = at_once(*[lambda: tried(lambda: draws.draw(period, city, SEED))] * 2)
    assert (made.count("overtaken"), Draw.objects.count()) == (1, 1)
    inspector = Officer.objects.get(username="stranger")
    found = SpotCheck.objects.get(facility__code=OFFICE)
    check = inspectors.assign(found, city, str(inspector.pk))
    question = surveying.standing_of(fresh(check)).questionnaire.questions["computer_count"]
    for base in range(4):
        edits = [Edit(question, Given(10 * base + n), base, uuid4()) for n in (1, 2)]
        saved = at_once(*[lambda edit=edit: surveying.save(check, inspector, [edit]) for edit in edits])
        assert sorted(len(each.conflicts) for each in saved) == [0, 1]
        assert fresh(check).answers["computer_count"]["revision"] == base + 1
    say(check, inspector, **reported())
    done = at_once(*[lambda: surveying.finish(check, inspector)] * 2)
    assert done[0].finished_at == done[1].finished_at
    assert SpotDifference.objects.count() == len(set(SpotDifference.objects.values_list("indicator", flat=True))) > 30
