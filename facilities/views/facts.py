"""登记数据 of one facility: what is registered, and a form to register more."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from facilities import registering as verbs
from facilities.access import facility_or_404
from facilities.facts import FactKind, every_fact, in_words, kinds_for
from facilities.models import Facility, Fact, Officer


@dataclass
class Field:
    """One input of the form."""

    kind: FactKind
    typed: str
    wrong: str = ""
    corrects: str = ""  # the version of the row that would be corrected
    there: Fact | None = None

    @property
    def there_said(self) -> str:
        return in_words(self.there.value) if self.there else ""


@require_http_methods(["GET", "HEAD", "POST"])
def facts(request: HttpRequest, code: str) -> HttpResponse:
    by = request.user
    assert isinstance(by, Officer)  # noqa: S101 - narrows the type
    facility = facility_or_404(by, code)
    if request.method != "POST":
        return _page(request, facility, _fields(facility, {}), {})
    if not verbs.may_register(by):
        raise PermissionDenied("登记数据由区审核员和市局登记。需要更正请联系区审核员。")
    fields = _fields(facility, request.POST)
    wanted, errors = _read(facility, fields, request.POST)
    if errors:
        return _page(request, facility, fields, errors, 422)
    try:
        written = verbs.register(by, wanted)
    except verbs.Collides as collides:
        return _page(request, facility, fields, _ask(fields, collides), 409)
    messages.success(request, f"已登记 {written} 项。" if written else "和登记过的一样，没有改动。")
    return redirect("facilities:facts", code)


def _fields(facility: Facility, typed: Mapping[str, str]) -> list[Field]:
    return [
        Field(kind, typed.get(kind.key, ""), corrects=typed.get(f"{kind.key}__corrects", ""))
        for kind in kinds_for(facility)
    ]


def _read(
    facility: Facility, fields: list[Field], typed: Mapping[str, str]
) -> tuple[list[verbs.Given], dict[str, str]]:
    """What is to be registered, and a sentence for each field that is wrong. A doubt is asked about once."""
    errors: dict[str, str] = {}
    since = _caught(errors, "since", verbs.since_of, typed)
    source = _caught(errors, "source", verbs.source_of, typed)
    values = {field.kind.key: _value(errors, field, typed) for field in fields if field.typed.strip()}
    if not values:
        errors["values"] = "请至少填一项数据。"
    for field in fields:
        field.wrong = errors.get(field.kind.key, "")
    if errors:
        return [], errors
    return [
        verbs.Given(facility, field.kind, values[field.kind.key], since, source, _agreed(field, typed))
        for field in fields
        if field.kind.key in values
    ], {}


def _caught(errors: dict[str, str], name: str, read: Any, typed: Mapping[str, str]) -> Any:
    try:
        return read(typed.get(name, ""))
    except ValueError as wrong:
        errors[name] = f"{wrong}。"
        return None


def _value(errors: dict[str, str], field: Field, typed: Mapping[str, str]) -> Any:
    try:
        value = verbs.value_of(field.kind, field.typed)
    except ValueError as wrong:
        errors[field.kind.key] = f"{wrong}。"
        return None
    doubt = verbs.doubt_about(field.kind, value)
    if doubt and typed.get("sure") != "1":
        errors[field.kind.key] = f"{doubt}。没有错就勾选“核对过，没有错”再保存。"
    return value


def _agreed(field: Field, typed: Mapping[str, str]) -> str:
    """The version that the officer has seen and wants corrected."""
    return field.corrects if typed.get("correct") == "1" else ""


def _ask(fields: list[Field], collides: verbs.Collides) -> dict[str, str]:
    rows = {given.kind.key: row for given, row in collides.pairs}
    errors = {}
    for field in fields:
        field.there = rows.get(field.kind.key)
        field.corrects = verbs.version_of(field.there)
        if field.there:
            by = f"，{field.there.by.display_name}登记" if field.there.by else ""
            what = f"{field.there_said}{field.kind.unit}（来源：{field.there.source}{by}）"
            field.wrong = f"这一天的{field.kind.label}已登记为 {what}。要更正请勾选“更正已登记的”再保存。"
            errors[field.kind.key] = field.wrong
    return errors


def _page(
    request: HttpRequest, facility: Facility, fields: list[Field], errors: Mapping[str, str], status: int = 200
) -> HttpResponse:
    by = request.user
    context = {
        "facility": facility,
        "fields": fields,
        "typed": request.POST,
        "wrong": errors,
        "errors": [("" if key == "values" else key, sentence) for key, sentence in errors.items()],
        "doubted": any("核对过" in sentence for sentence in errors.values()) or request.POST.get("sure"),
        "correcting": any(field.there for field in fields),
        "facts": every_fact(facility),
        "may_register": isinstance(by, Officer) and verbs.may_register(by),
    }
    return render(request, "facilities/facts.html", context, status=status)
