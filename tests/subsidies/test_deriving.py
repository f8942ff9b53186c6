"""What a station's survey is told of the subsidy equals the statement, and is not told where it is not known."""

from datetime import date

from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessments.derived import derived_of
from assessments.models import Period
from facilities.models import ExtraRequest, ExtraStep, Facility
from tests.subsidies.conftest import ELSEWHERE, ONE, TWO
from tests.subsidies.test_statements import Q1, of, pay

DUE = ("ft_city_due", "ft_district_min", "pt_city_due", "pt_district_min")
PAID = ("ft_district_paid", "pt_district_paid", "parttime_pay")
QUARTER = Period(year=2026, quarter=1)


def known(code, *keys):
    facility = Facility.objects.get(code=code)
    found = derived_of([facility], QUARTER, keys or (*DUE, *PAID)).get(facility.pk, {})
    return {key: each.value for key, each in found.items()}


def test_what_is_owed_is_told_by_kind_and_what_was_paid_where_one_kind_is_owed(hire, officers):
    hire(ONE, "张伟")
    servant = hire(ONE, "李敏", "parttime", is_public_servant=True)
    assert known(ONE, *DUE) == dict(zip(DUE, ("3000.00", "3000.00", "0.00", "0.00"), strict=True))
    assert known(ONE, *PAID) == {}  # nothing recorded is not 0
    pay(officers, ONE, "2700")
    pay(officers, ONE, "300", post=servant.pk)
    assert known(ONE, *PAID) == dict(zip(PAID, ("2700.00", "0.00", "900.00"), strict=True))
    facility = Facility.objects.get(code=ONE)
    told = derived_of([facility], QUARTER, ["ft_city_due"])[facility.pk]["ft_city_due"]
    assert told.source == "协理员补助结算（2026年第一季度）"


def test_of_both_kinds_what_was_paid_together_is_not_split(hire, officers):
    hire(TWO, "王芳")
    hire(TWO, "赵强", "parttime", starts=date(2026, 2, 15))  # half of February
    pay(officers, TWO, "5000")
    found = known(TWO)
    assert found == {"ft_city_due": "3000.00", "ft_district_min": "3000.00"} | dict.fromkeys(DUE[2:], "1200.00")
    assert sum(map(float, (found["ft_city_due"], found["pt_city_due"]))) == float(of(TWO, span=Q1).city_due)
    assert known(ELSEWHERE) == {}  # without a roster nothing is owed that anybody knows


def test_the_number_of_queries_is_the_same_for_few_and_many(hire):
    def asked(codes):
        facilities = list(Facility.objects.filter(code__in=codes))
        with CaptureQueriesContext(connection) as queries:
            assert len(derived_of(facilities, QUARTER, DUE)) == len(codes)
        return len(queries)

    for code in (ONE, TWO, ELSEWHERE):
        hire(code, f"某{code[-5:]}", extra=True)
    assert asked([ONE]) == asked([ONE, TWO, ELSEWHERE]) <= 3


def test_who_came_by_a_request_was_bought_and_took_no_place(hire, officers):
    keys = ("extra_by_purchase", "extra_quota_added")
    post = hire(ONE, "张伟", extra=True)
    assert known(ONE, *keys) == {}  # the roster's own word asks neither
    by = officers["reviewer"]
    request = ExtraRequest.objects.create(facility=post.facility, served=9000, actual=1, reason="多", by=by)
    ExtraStep.objects.create(request=request, verb=ExtraStep.APPOINTED, day=post.starts, post=post, by=by)
    assert known(ONE, *keys) == {"extra_by_purchase": True, "extra_quota_added": False}
