"""Every address of the project, and what to put into it."""

from collections.abc import Iterator
from uuid import NAMESPACE_OID, UUID, uuid5

from django.urls import URLPattern, URLResolver, get_resolver, reverse

from facilities.models import Officer

EDITION = {"key": "town_office", "effective": "2016-01-01"}
#: what 翠香街道's surveyor has sent
UPLOAD = UUID(int=2)
#: what 翠香街道's surveyor has asked for
JOB = UUID(int=4)
#: what 香洲区's reviewer has asked for and sent
REQUEST, LIST_UPLOAD = 7001, UUID(int=3)
#: what 翠香街道's surveyor was told
NOTICE = 9001
#: a station of 翠香街道, which gets the subsidy as its office does not
SUBSIDISED, AREA = "440402001001", {"unit": "440402", "town": "440402001"}
#: what 翠香街道's office has asked for: one more person
EXTRA = 8501
#: who is on 翠香街道's roster
POST = 8001
#: a draft of 2026Q3
BULLETIN = 8001
BULLETINS = ("", "_edit", "_decide", "_publish", "_pdf")
#: a draft of 2026
APPRAISAL = {"year": 2026, "unit": "440402"}
APPRAISALS = ("", "_publish", "_pdf", "_xlsx", "_unit", "_adjust", "_take_back")
#: what 翠香街道 is to mend
RECTIFICATION = 6001
#: the plan's for 珠海's districts, from 2030 on
ADOPTION = 4001
#: a draw with 翠香街道, which nobody inspects yet
DRAW = SPOT_CHECK = 5001
RETURNS = ("", "_start", "_edit", "_submit", "_receive", "_send_back", "_correct", "_figure", "_pdf", "_xlsx", "_json")
#: what an address needs besides the facility's code and the quarter
MORE = {
    "standards:standard": EDITION,
    "standards:clause": EDITION | {"number": "7"},
    "standards:requirement": EDITION | {"requirement": "town.7.computer"},
    "assessments:clause": {"number": "7"},
    "assessments:clause_answer": {"number": "7"},
    "set_password": {"token": "never-was"},
    "reports:unit_xlsx": {"unit": "440402"},
    "assessments:timetable": {"unit": "440402"},
    "assessments:calendar_year": {"year": 2027},
    "assessments:notice_read": {"notice": NOTICE},
    **{f"reports:{each}_unit": {"unit": "440402"} for each in ("dashboard", "behind", "comparison")},
    **{
        f"reports:{each}_town": {"unit": "440402", "town": "440402001"}
        for each in ("dashboard", "behind", "comparison")
    },
    "assessments:answer": {"indicator": "computer_count"},
    **{f"reports:return{each}": {"unit": "440402", "figure": "due"} for each in RETURNS},
    **{f"facilities:post{each}": {"post": POST} for each in ("", "_end", "_filing", "_phone")},
    **{f"reports:bulletin{each}": {"bulletin": BULLETIN} for each in BULLETINS},
    **{f"reports:appraisal{each}": APPRAISAL for each in APPRAISALS},
    **{f"reports:subsidy_{each}": {"span": "2026Q3", "code": SUBSIDISED} for each in ("now", "station", "paid")},
    **{f"reports:subsidy_{each}": AREA | {"span": "2026Q3"} for each in ("city", "unit", "town")},
    **{f"facilities:extra_{each}": {"extra": EXTRA} for each in ("decide", "appoint")},
    **{
        f"assessments:rectification{each}": {"item": RECTIFICATION}
        for each in (
            *("", "_take", "_evidence", "_return", "_verify", "_close"),
            *("_file", "_thumbnail", "_file_remove"),
        )
    },
    **{f"assessments:draw{each}": {"draw": DRAW} for each in ("", "_assign")},
    "assessments:adoption_end": {"adoption": ADOPTION},
    "assessments:check_assign": {"draw": DRAW, "check": SPOT_CHECK},
    **{
        f"assessments:spot_check{each}": {"draw": DRAW, "check": SPOT_CHECK, "number": "7"}
        for each in ("", "_row", "_finish", "_rectify")
    },
    "reports:city_figure": {"figure": "due"},
    "assessments:grid": {"number": "7"},
    "assessments:grid_begin": {"number": "7"},
    "assessments:grid_confirm": {"number": "7"},
    "assessments:grid_line": {"number": "7", "facility": "440402001001"},
    **{f"reports:job{each}": {"pk": JOB} for each in ("", "_cancel", "_result")},
    **{f"facilities:request{each}": {"pk": REQUEST} for each in ("", "_withdraw", "_approve", "_refuse")},
    **{f"facilities:list{each}": {"kind": "facts"} for each in ("", "_export", "_upload")},
    **{f"facilities:list_{each}": {"upload": LIST_UPLOAD} for each in ("difference", "confirm", "drop", "refused")},
    **{f"assessments:workbook{each}": {"upload": UPLOAD} for each in ("", "_confirm", "_submit", "_drop", "_refused")},
}
#: case → the quarter of the address; "-" stands for addresses that name none
QUARTERS = {"never": "2026Q1", "full": "2026Q2", "sent": "2026Q3", "draft": "2026Q4"}


class Photo:
    """A file to be sent any number of times. What it holds is refused, after everything else was asked."""

    name = "照片.jpg"

    def read(self, *_: int) -> bytes:
        return b"<svg/>"


#: what a POST sends; nothing elsewhere
POSTED = {
    "assessments:adoption_end": {"ends": "2031-12-31", "source": "到期", "step": "confirm"},
    "reports:appraisal_start": {"year": "2026"},
    "reports:appraisal_adjust": {"points": "1", "reason": "刚起步"},
    "reports:bulletin_start": {"period": "2026Q3"},
    "reports:bulletin_edit": {"issuer": "某办公室", "to": "各区", "demands": "年底前补齐", "revision": "1"},
    "reports:bulletin_decide": {"unit": "440402", "decision": "spare", "reason": "刚起步"},
    "reports:return_send_back": {"text": "请补充原因"},
    "assessments:evidence": {"operation": str(UUID(int=2)), "use": "town.7", "files": Photo()},
    "assessments:evidence_uses": {"use": ["town.7", "town.2"]},
    "facilities:facts": {"since": "2026-03-01", "source": "年鉴", "resident_population": "140000"},
    "facilities:post_new": {"name": "陈某", "kind": "fulltime", "starts": "2026-03-01"},
    "facilities:post": {"seen": "1", "name": "李某", "kind": "parttime", "starts": "2026-03-01"},
    "facilities:post_end": {"seen": "1", "ends": "2026-10-31"},
    "facilities:post_filing": {"seen": "1", "filing_number": "备2026-1", "filed_on": "2026-04-01"},
    "reports:subsidy_paid": {"seen": "", "amount": "3000", "source": "财预1号"},
    "facilities:extras": {"reason": "业务量大", "bought": "1", "unchanged": "1"},
    "facilities:extra_decide": {"decision": "refused", "number": "香府1号", "day": "2026-11-10", "text": "不增"},
    "facilities:request_refuse": {"answer": "材料不全"},
    "assessments:timetable": {"station_days": "1", "office_days": "2", "seen": ""},
    "assessments:calendar_day": {"day": "2027-01-05", "works": "0", "source": "通知", "reason": "台风", "seen": "0"},
    "assessments:calendar_year": {"lines": "2027-01-01 休", "source": "通知", "seen": "0"},
    "assessments:reminders": {"period": "2026Q4", "groups": ["440402001"], "text": "请报送"},
    "assessments:draw_new": {"period": "2026Q3", "seed": "20261110"},
    "assessments:answer": {
        "operation": str(UUID(int=1)),
        "computer_count": "6",
        "computer_count__revision": "2",
    },
}


def every_name() -> list[str]:
    """Of each pattern of the resolver, with its namespaces. Django's admin is one family, with a test of its own
    (test_admin.py)."""
    return [name for name in sorted(_names(get_resolver(), "")) if not name.startswith("admin:")]


def admin_names() -> list[str]:
    return [name for name in sorted(_names(get_resolver(), "")) if name.startswith("admin:")]


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


#: what an address asks for behind its question mark
ASKED = {
    "reports:milestone_facilities": "?item=town.10.qualified&unit=440402",
    **{
        f"reports:comparison{each}": "?period=2026Q3&subject=township&row=X1&kind=left"
        for each in ("", "_unit", "_town")
    },
}


def address(name: str, case: str, code: str) -> str:
    """The address for a facility's code and the case's quarter."""
    quarter = QUARTERS.get(case, "")
    place = {"code": code, "period": quarter, "file": evidence_id(code, quarter)}
    wanted = parameters(name)
    if "pk" in wanted:
        place["pk"] = Officer.objects.filter(facility__code=code).order_by("pk").values_list("pk", flat=True)[0]
    place |= MORE.get(name, {})
    return reverse(name, kwargs={key: value for key, value in place.items() if key in wanted}) + ASKED.get(name, "")


def evidence_id(code: str, quarter: str) -> UUID:
    """Of the one file of a place's survey of a quarter; without a quarter of its rectification."""
    return uuid5(NAMESPACE_OID, f"{code} {quarter}")
