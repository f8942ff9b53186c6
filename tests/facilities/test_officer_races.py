"""Acts upon officers at once, on PostgreSQL truly so. Each race that a check decides has a control without it."""

from threading import Barrier

import pytest
from django.core.exceptions import PermissionDenied

from facilities import links
from facilities import officers as verbs
from facilities.models import Officer
from facilities.officers import NewOfficer, Refused
from tests.assessments.test_races import at_once

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def admins(db):
    return [Officer.objects.create(username=f"admin{n}", last_name=f"管{n}", role="admin") for n in range(2)]


def tried(act, *arguments):
    """Whether the act was done."""
    try:
        return act(*arguments) is not False
    except (Refused, PermissionDenied):
        return False


def use_at_once(admins, monkeypatch):
    """One link, used by two who have both opened it."""
    token = verbs.create(admins[0], NewOfficer("wang", "王", "viewer", None, None)).secret
    known, opened = links.officer_of, Barrier(2)

    def opened_by_both(token):
        officer = known(token)
        opened.wait()
        return officer

    monkeypatch.setattr(links, "officer_of", opened_by_both)
    return at_once(*(lambda word=word: links.use(token, word) for word in ("first-phrase-11", "second-phrase-22")))


def test_a_link_is_used_once(admins, monkeypatch):
    assert sorted(use_at_once(admins, monkeypatch)) == [False, True]


def test_control_without_the_check_a_link_is_used_twice(admins, monkeypatch):
    monkeypatch.setattr(links, "_still_open", lambda token: True)
    assert use_at_once(admins, monkeypatch) == [True, True]


def each_the_other(admins):
    one, two = admins
    return at_once(lambda: tried(verbs.deactivate, one, two), lambda: tried(verbs.deactivate, two, one))


def test_of_two_administrators_who_switch_each_other_off_one_remains(admins):
    assert sorted(each_the_other(admins)) == [False, True]
    assert Officer.objects.filter(role="admin", is_active=True).count() == 1


def test_control_without_the_check_none_remains(admins, monkeypatch):
    monkeypatch.setattr(verbs, "_still_manages", lambda by, officer: True)
    assert each_the_other(admins) == [True, True]
    assert not Officer.objects.filter(role="admin", is_active=True).exists()


def test_one_user_name_is_given_once(admins):
    wanted = [NewOfficer(name, "王", "viewer", None, None) for name in ("wangxm", "WangXM", "WANGXM")]
    assert sorted(at_once(*(lambda new=new: tried(verbs.create, admins[0], new) for new in wanted))) == [
        False,
        False,
        True,
    ]
