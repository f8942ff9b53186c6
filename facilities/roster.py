"""人员名册: who may see it, and what is done to it. Each verb is one transaction and is recorded (Act), without names,
phones or certificates: acts are read by more officers than the roster is.

A facility's surveyors keep its roster, and so does its unit's reviewer, who also enters 备案 and approvals; the city
reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from facilities import post_words as words
from facilities.access import visible_to
from facilities.existence import lock, said
from facilities.models import Act, Facility, Officer, Post
from facilities.requests import Refused as Refused

SEE = (Officer.SURVEYOR, Officer.REVIEWER, Officer.CITY)
KEEP = (Officer.SURVEYOR, Officer.REVIEWER)
ONLY = "人员名册有个人信息，只有本机构的填报员、区审核员和市局能看。"


class Stale(Refused):
    """Somebody else has changed the post since it was shown."""

    def __init__(self) -> None:
        super().__init__({"": "刚才有人改过这一条。现在的登记在上面，您填的在下面，核对后可以再保存一次。"})


# ── Who may ───────────────────────────────────────────────────────────────────


def may_see(officer: Officer | AnonymousUser) -> bool:
    """Of a facility that the officer sees at all."""
    return isinstance(officer, Officer) and officer.is_active and officer.role in SEE


def may_keep(officer: Officer) -> bool:
    return may_see(officer) and officer.role in KEEP


def may_file(officer: Officer) -> bool:
    """区人力资源社会保障部门报…备案"""
    return may_see(officer) and officer.role == Officer.REVIEWER


def posts_visible_to(officer: Officer | AnonymousUser) -> QuerySet[Post]:
    return Post.objects.filter(facility__in=visible_to(officer)) if may_see(officer) else Post.objects.none()


def roster_of(officer: Officer, facility: Facility) -> list[Post]:
    """Who is there first, then who has left: one query."""
    if not may_see(officer):
        raise PermissionDenied(ONLY)
    return list(posts_visible_to(officer).filter(facility=facility))


# ── What is done ──────────────────────────────────────────────────────────────


@transaction.atomic
def add(by: Officer, facility: Facility, typed: Mapping[str, str]) -> Post:
    """Raises Refused with a sentence for every field that is wrong."""
    _require(by, facility, may_keep(by))
    post = Post(facility=facility, by=by, at=timezone.now(), is_demo=settings.DEMO)
    words.read_into(post, words.POST, typed)
    lock([facility])
    _refuse_twice(post)
    post.save()
    _record(by, post, "登记岗位", f"{post.get_kind_display()}，{said(post.starts)}起")
    return post


@transaction.atomic
def change(by: Officer, post: Post, typed: Mapping[str, str]) -> Post:
    """Raises Refused, Stale."""
    _require(by, post.facility, may_keep(by))
    return _corrected(by, post, typed, words.POST, "更正岗位")


@transaction.atomic
def end(by: Officer, post: Post, typed: Mapping[str, str]) -> Post:
    """离任. An end may be corrected, and taken back by leaving it empty. Raises Refused, Stale."""
    _require(by, post.facility, may_keep(by))
    return _corrected(by, post, typed, words.END, "登记离任")


@transaction.atomic
def file(by: Officer, post: Post, typed: Mapping[str, str]) -> Post:
    """备案, and with extra staff the approval. Raises Refused, Stale."""
    _require(by, post.facility, may_file(by))
    fresh, before = _locked(post, typed)
    words.read_into(fresh, words.FILING, typed)
    return _kept(by, fresh, before, "登记备案")


def _corrected(by: Officer, post: Post, typed: Mapping[str, str], fields: Mapping[str, words.Read], verb: str) -> Post:
    """Read anew, and kept where it makes no second post of the same person at once."""
    fresh, before = _locked(post, typed)
    words.read_into(fresh, fields, typed)
    _refuse_twice(fresh)
    return _kept(by, fresh, before, verb)


def phone_for(by: Officer, post: Post) -> str:
    """The whole number, for one who gives no reason but leaves a record."""
    _require(by, post.facility, may_see(by))
    _record(by, post, "查看电话", "看了全号")
    return post.phone


def _require(by: Officer, facility: Facility, may: bool) -> None:
    if not may or not visible_to(by).filter(pk=facility.pk).exists():
        raise PermissionDenied(ONLY if not may_see(by) else "名册由本机构的填报员和区审核员登记，备案由区审核员登记。")


def _locked(post: Post, typed: Mapping[str, str]) -> tuple[Post, Post]:
    """The row as it is now, to be changed, and once more as it was; refused where it is not the one that was seen."""
    lock([post.facility])
    fresh = Post.objects.select_related("facility").get(pk=post.pk)
    if typed.get("seen", "") != str(fresh.revision):
        raise Stale
    return fresh, Post.objects.get(pk=post.pk)


def _refuse_twice(post: Post) -> None:
    """One name twice at one place at a time is a slip, or two of the same name, who are told apart by what is added."""
    others = Post.objects.filter(facility=post.facility, name=post.name).exclude(pk=post.pk)
    overlapping = others.filter(Q(ends=None) | Q(ends__gte=post.starts), starts__lte=post.ends or date.max).first()
    if overlapping:
        until = f"到{said(overlapping.ends)}" if overlapping.ends else "至今"
        raise Refused(
            {
                "name": f"{post.name}自{said(overlapping.starts)}{until}已在册。换岗请先登记离任；"
                "同名的另一人请在姓名后加括号区别，例如 张伟（二）。"
            }
        )


def _kept(by: Officer, post: Post, before: Post, verb: str) -> Post:
    """Nothing is written where nothing changed."""
    changes = words.changes(before, post)
    if changes:
        post.revision, post.by, post.at = post.revision + 1, by, timezone.now()
        post.save()
        _record(by, post, verb, "；".join(changes))
    return post


def _record(by: Officer, post: Post, verb: str, what: str) -> None:
    Act.objects.create(by=by, at=timezone.now(), verb=verb, facility=post.facility, said=f"{post}：{what}"[:400])
