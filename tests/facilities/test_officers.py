"""The verbs upon officers: who may do them to whom, what is refused, what is recorded, what a way in is worth."""

from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.utils import timezone

from facilities import links
from facilities import officers as verbs
from facilities.models import Act, Facility, Officer, OneTimeLink, ReportingUnit
from facilities.officers import ChangedMeanwhile, Refused, change, checked, create, create_many, state_of

OWN, OTHER = "440402001", "440403100"  # 翠香街道 in 香洲区, 莲洲镇 in 斗门区

pytestmark = pytest.mark.usefixtures("zhuhai")


@pytest.fixture
def people(appoint):
    """One of each kind, and whom they may come upon."""
    return {
        "admin": appoint("admin"),
        "reviewer": appoint("reviewer", "440402"),
        "surveyor": appoint("surveyor", OWN),
        "city": appoint("city"),
        "viewer": appoint("viewer"),
        "own surveyor": appoint("surveyor", OWN),
        "other surveyor": appoint("surveyor", OTHER),
        "other reviewer": appoint("reviewer", "440403"),
        "other admin": appoint("admin"),
    }


def new(by, **changed):
    typed = {"username": "wangxm", "name": "王小明", "role": "surveyor", "facility": OWN} | changed
    return checked(by, **typed)


VERBS = {
    "change": lambda by, whom: change(
        by, whom, verbs.NewOfficer(whom.username, "新名", whom.role, whom.unit, whom.facility), state_of(whom)
    ),
    "deactivate": verbs.deactivate,
    "activate": verbs.activate,
    "reset": lambda by, whom: verbs.reset(by, whom, verbs.LINK),
}
WHOM = ["own surveyor", "other surveyor", "other reviewer", "city", "viewer", "other admin"]
MANAGES = {"admin": WHOM, "reviewer": ["own surveyor"]}


# ── Who may ───────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("whom", WHOM)
@pytest.mark.parametrize("by", ["admin", "reviewer", "surveyor", "city", "viewer"])
def test_each_verb_for_each_role(people, by, whom, verb):
    if verb == "activate":
        Officer.objects.filter(pk=people[whom].pk).update(is_active=False)
    if whom in MANAGES.get(by, []):
        VERBS[verb](people[by], people[whom])
        assert Act.objects.get().officer == people[whom]
    else:
        with pytest.raises(PermissionDenied):
            VERBS[verb](people[by], people[whom])
        assert not Act.objects.exists()


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("by", ["admin", "reviewer", "surveyor", "city", "viewer"])
def test_nobody_manages_himself(people, by, verb):
    """So the last administrator remains: nobody else could remove him."""
    with pytest.raises(PermissionDenied):
        VERBS[verb](people[by], people[by])
    people[by].refresh_from_db()
    assert people[by].is_active


def test_who_was_switched_off_meanwhile_manages_nobody(people):
    Officer.objects.filter(pk=people["admin"].pk).update(is_active=False)
    with pytest.raises(PermissionDenied):
        verbs.deactivate(people["admin"], people["other admin"])


@pytest.mark.parametrize("role", Officer.ROLES)
@pytest.mark.parametrize("by", ["admin", "reviewer", "surveyor", "city", "viewer"])
def test_who_makes_which_role(people, by, role):
    wanted = {"role": role, "unit": "440402" if role == "reviewer" else "", "facility": OWN}
    if by == "admin" or (by == "reviewer" and role == "surveyor"):
        made = create(people[by], new(people[by], **wanted)).officer
        assert (made.role, bool(made.unit), bool(made.facility)) == (role, role == "reviewer", role == "surveyor")
        assert not made.has_usable_password()
    else:
        with pytest.raises((PermissionDenied, Refused)):
            create(people[by], new(people[by], **wanted))
        assert not Officer.objects.filter(username="wangxm").exists()


def test_a_reviewer_appoints_in_the_own_unit_only(people):
    with pytest.raises(Refused) as refused:
        new(people["reviewer"], facility=OTHER)
    assert refused.value.field == "facility"
    with pytest.raises(Refused):  # nor moves anybody out of it
        checked(people["reviewer"], "", "某", "surveyor", "", OTHER, people["own surveyor"])


# ── What is typed ─────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("username", ""),
        ("username", "ab"),
        ("username", "x" * 31),
        ("username", "王小明"),
        ("username", "-wang"),
        ("username", "wang xm"),
        ("username", "wang\nxm"),
        ("username", "<script>"),
        ("username", "wang\0xm"),
        ("username", "ｗａｎｇ"),
        ("name", ""),
        ("name", "　 \t"),
        ("name", "名" * 31),
        ("name", "王\u202e明"),
        ("name", "王\u200b明"),
        ("name", "王\0明"),
        ("role", "root"),
        ("role", ""),
        ("facility", ""),
        ("facility", "没有的所"),
        ("facility", "440499999"),
        ("facility", "\0"),
        ("facility", "' OR 1=1 --"),
    ],
)
def test_what_cannot_be_kept_is_refused_at_its_field(people, field, value):
    with pytest.raises(Refused) as refused:
        new(people["admin"], **{field: value})
    assert refused.value.field == field
    assert str(refused.value)


@pytest.mark.parametrize("unit", ["", "香洲", "999"])
def test_a_reviewer_needs_a_unit(people, unit):
    with pytest.raises(Refused) as refused:
        new(people["admin"], role="reviewer", unit=unit)
    assert refused.value.field == "unit"


def test_names_are_kept_as_they_are_but_for_spaces(people):
    assert new(people["admin"], name="  欧阳　　小明 ").name == "欧阳 小明"
    assert new(people["admin"], name="<b>王</b>'\"&").name == "<b>王</b>'\"&"


def test_a_place_may_be_said_in_three_ways(people):
    office = Facility.objects.get(code=OWN)
    for words in (OWN, office.name, f"{office.name}（{OWN}）", f" {OWN} "):
        assert new(people["admin"], facility=words).facility == office
    assert new(people["admin"], role="reviewer", unit="香洲区").unit == ReportingUnit.objects.get(code="440402")


def test_two_of_one_name_are_told_apart_by_their_code(people):
    Facility.objects.filter(code__in=[OWN, OTHER]).update(name="同名所")
    with pytest.raises(Refused, match="机构代码"):
        new(people["admin"], facility="同名所")
    assert new(people["admin"], facility=f"同名所（{OTHER}）").facility.code == OTHER


@pytest.mark.parametrize("username", ["wangxm", "WangXM", " WANGXM "])
def test_a_user_name_is_given_once_whatever_its_case(people, username):
    create(people["admin"], new(people["admin"]))
    with pytest.raises(Refused, match="已经有人用了"):
        new(people["admin"], username=username)


def test_the_database_says_so_too(people):
    Officer.objects.create(username="wangxm", role="viewer")
    with pytest.raises(IntegrityError):
        Officer.objects.create(username="WangXM", role="viewer")


def test_a_name_taken_between_check_and_act_is_refused(people):
    first, second = new(people["admin"]), new(people["admin"], username="WANGXM")
    create(people["admin"], first)
    with pytest.raises(Refused) as refused:
        create(people["admin"], second)
    assert refused.value.field == "username"


def test_many_are_made_all_or_none(people):
    wanted = [new(people["admin"], username=f"many{n}") for n in range(3)]
    made = create_many(people["admin"], wanted)
    assert [entry.way for entry in made] == ["slip"] * 3
    assert len({entry.secret for entry in made}) == 3
    with pytest.raises(Refused):
        create_many(people["admin"], [new(people["admin"], username="fresh"), wanted[0]])
    assert not Officer.objects.filter(username="fresh").exists()


# ── What is done ──────────────────────────────────────────────────────────────


def test_a_transfer_keeps_the_user_name_and_says_from_where_to_where(people):
    whom = people["own surveyor"]
    wanted = checked(people["admin"], "", "李四", "reviewer", "440403", "", whom)
    change(people["admin"], whom, wanted, state_of(whom))
    whom.refresh_from_db()
    assert (whom.role, whom.unit.code, whom.facility) == ("reviewer", "440403", None)
    act = Act.objects.get()
    assert "翠香街道" in act.said
    assert "李四，审核员，斗门区" in act.said


def test_saving_without_a_change_is_no_act(people):
    whom = people["own surveyor"]
    wanted = checked(people["admin"], "", whom.last_name, whom.role, "", OWN, whom)
    change(people["admin"], whom, wanted, state_of(whom))
    assert not Act.objects.exists()


def test_two_who_change_one_officer_do_not_overwrite_each_other(people):
    whom = people["own surveyor"]
    seen = state_of(whom)
    first, second = (checked(people["admin"], "", name, "surveyor", "", OWN, whom) for name in ("甲", "乙"))
    change(people["admin"], whom, first, seen)
    with pytest.raises(ChangedMeanwhile, match="甲"):
        change(people["reviewer"], whom, second, seen)


def test_switching_twice_is_one_act(people):
    for _ in range(2):
        verbs.deactivate(people["admin"], people["own surveyor"])
    assert Act.objects.count() == 1
    for _ in range(2):
        verbs.activate(people["admin"], people["own surveyor"])
    assert Act.objects.count() == 2


def test_an_officer_who_is_off_is_not_given_a_way_in(people):
    verbs.deactivate(people["admin"], people["own surveyor"])
    with pytest.raises(Refused, match="先启用"):
        verbs.reset(people["admin"], people["own surveyor"], verbs.SLIP)


# ── Ways in ───────────────────────────────────────────────────────────────────


def test_a_link_works_once_and_of_it_only_a_hash_is_kept(people):
    entry = create(people["admin"], new(people["admin"]))
    assert entry.ends - timezone.now() > timedelta(hours=71)
    assert entry.secret not in str(list(OneTimeLink.objects.values())) + str(list(Act.objects.values()))
    assert links.officer_of(entry.secret) == entry.officer
    assert links.use(entry.secret, "tea-and-ferry-88")
    assert not links.use(entry.secret, "another-phrase-99")
    entry.officer.refresh_from_db()
    assert entry.officer.check_password("tea-and-ferry-88")
    assert not entry.officer.must_change_password


@pytest.mark.parametrize(("hours", "works"), [(71.99, True), (72, False)])
def test_a_link_ends_after_three_days(people, hours, works):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        entry = create(people["admin"], new(people["admin"]))
        clock.shift(timedelta(hours=hours))
        assert (links.officer_of(entry.secret) is not None) is works
        assert links.use(entry.secret, "tea-and-ferry-88") is works


@pytest.mark.parametrize("after", ["deactivate", "reset"])
def test_a_link_ends_when_the_officer_is_switched_off_or_reset(people, after):
    entry = create(people["admin"], new(people["admin"]))
    VERBS[after](people["admin"], entry.officer)
    if after == "deactivate":
        verbs.activate(people["admin"], entry.officer)  # and comes not back with him
    assert links.officer_of(entry.secret) is None
    assert not links.use(entry.secret, "tea-and-ferry-88")


@pytest.mark.parametrize("token", ["", "x", "\0", "王", "A" * 500])
def test_a_link_that_never_was_opens_nothing(people, token):
    assert links.officer_of(token) is None
    assert not links.use(token, "tea-and-ferry-88")


def test_a_slip_is_an_initial_password_that_must_be_changed(people):
    whom = people["own surveyor"]
    whom.set_password("the-old-password")
    whom.save()
    entry = verbs.reset(people["admin"], whom, verbs.SLIP)
    whom.refresh_from_db()
    assert whom.must_change_password
    assert whom.check_password(entry.secret)
    assert not whom.check_password("the-old-password")
    assert entry.secret not in str(list(Act.objects.values()))


@pytest.mark.parametrize(("days", "past"), [(13.99, False), (14, True)])
def test_an_initial_password_ends_after_two_weeks(people, days, past):
    with time_machine.travel(timezone.now(), tick=False) as clock:
        entry = verbs.reset(people["admin"], people["own surveyor"], verbs.SLIP)
        assert entry.ends == timezone.now() + timedelta(days=14)
        clock.shift(timedelta(days=days))
        assert links.is_past(Officer.objects.get(pk=people["own surveyor"].pk)) is past
