"""Which edition judges whom by itself: the newest in force of each subject, and none that must be adopted."""

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from assessments.adopting import standards_in_force
from standards.loading import load_standards
from standards.models import Standard

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
TODAY = date(2026, 9, 30)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def published():
    load_standards(FIXTURES)


def test_the_schedules_judge_their_subjects_and_the_plan_nobody():
    judged = {subject: standard.key for subject, standard in standards_in_force(TODAY).items()}
    assert judged == {"county": "county_center", "township": "town_office", "village": "village_station"}


def test_before_the_schedules_nobody_is_judged_though_the_plan_is_in_force():
    assert standards_in_force(date(2012, 3, 31)) == {}


def test_however_new_it_is_it_waits_to_be_adopted():
    Standard.objects.filter(key="zhuhai_2011").update(effective=date(2026, 1, 1))
    assert standards_in_force(TODAY)["township"].key == "town_office"


def test_without_the_word_it_would_judge():
    """The control: what keeps the plan out is what its file says, not its age or its subjects."""
    Standard.objects.filter(key="zhuhai_2011").update(effective=date(2026, 1, 1), by_adoption=False)
    assert {standards_in_force(TODAY)[subject].key for subject in ("township", "district", "city")} == {"zhuhai_2011"}
