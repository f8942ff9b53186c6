"""数据后台: Django's admin as a window, for an administrator to look up single rows. It has no door: nothing is added,
changed or deleted in it, by anybody. Whatever is done goes through the portal's own pages and their verbs.

To everyone else it is not there. Secrets (password and link hashes) and the long texts are left out."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import update_wrapper
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin, display
from django.contrib.admin.utils import display_for_value
from django.db.models import Model
from django.http import Http404, HttpRequest
from django.urls import URLPattern

from assessments import models as work
from facilities import models as place
from facilities.models import Officer
from standards import models as text

#: of Django's own pages: not those that write, nor those that the portal has already
PAGES = re.compile(r"index|app_list|jsi18n|\w+_changelist|(?!password)\w+_change")
WORDS = {
    "answer": "答复",
    "asked_at": "申请时间",
    "asked_by": "申请人",
    "at": "时间",
    "by": "经办人",
    "clause": "规范事项",
    "closed_at": "关闭时间",
    "closed_by": "关闭人",
    "code": "代码",
    "content_hash": "内容散列",
    "created_at": "开始时间",
    "created_by": "开始人",
    "day": "日期",
    "decided_at": "审批时间",
    "decided_by": "审批人",
    "division": "区划",
    "effective": "生效日期",
    "ends": "止",
    "expires_at": "失效时间",
    "facility": "机构",
    "grade": "等次",
    "heir": "并入",
    "indicator": "数据项",
    "is_active": "启用",
    "is_demo": "演示数据",
    "judgement": "判定",
    "key": "标识",
    "kind": "种类",
    "label": "名称",
    "last_login": "上次登录",
    "last_name": "姓名",
    "level": "级别",
    "made_at": "发出时间",
    "made_by": "发出人",
    "must_change_password": "要先改密码",
    "name": "名称",
    "note": "说明",
    "number": "序号",
    "officer": "账号",
    "origin": "来历",
    "outcome": "判定结果",
    "parent": "上级",
    "password_set_at": "密码设定时间",
    "published_at": "载入时间",
    "quarter": "季度",
    "reason": "理由",
    "removed_at": "移除时间",
    "requirement": "具体要求",
    "revision": "第几次",
    "role": "角色",
    "said": "内容",
    "score": "得分",
    "shortfall": "差距",
    "since": "生效日期",
    "size": "字节数",
    "snapshot": "提交快照",
    "source": "来源",
    "standard": "规范",
    "starts": "起",
    "state": "状态",
    "subject": "类别",
    "survey": "核查表",
    "title": "标题",
    "unit": "报送单位",
    "until": "废止日期",
    "used_at": "使用时间",
    "username": "用户名",
    "value": "值",
    "verb": "事项",
    "works": "上班",
    "year": "年份",
}
_OF_SURVEY = ("facility", "period")
#: what the name of a row asks for besides the row
NAMED_BY = {
    "survey": [f"survey__{each}" for each in _OF_SURVEY],
    "snapshot": [f"snapshot__survey__{each}" for each in _OF_SURVEY],
    "judgement": [f"judgement__snapshot__survey__{each}" for each in _OF_SURVEY],
}
#: model, its word, what is shown of it, what is searched
SHOWN: tuple[tuple[type[Model], str, str, str], ...] = (
    (place.Division, "区划", "code name level parent", "code name"),
    (place.ReportingUnit, "报送单位", "code name kind", "code name"),
    (place.Membership, "报送关系", "division unit starts ends note", "division__name unit__name"),
    (place.Facility, "机构", "code name subject division", "code name"),
    (place.Existence, "机构存续", "facility name starts ends heir", "facility__code name"),
    (
        place.FacilityRequest,
        "机构变更申请",
        "kind facility name unit effective reason state asked_by asked_at decided_by decided_at answer",
        "facility__code name",
    ),
    (place.Fact, "登记数据", "facility indicator value since source is_demo at by", "facility__code indicator"),
    (
        place.Officer,
        "账号",
        "username last_name role unit facility is_active is_demo last_login password_set_at must_change_password",
        "username last_name",
    ),
    (place.OneTimeLink, "一次性链接", "officer made_by made_at expires_at used_at", "officer__username"),
    (place.Act, "办理记录", "at by verb officer facility said", "said officer__username facility__code"),
    (work.WorkDay, "工作日历", "day works source", "source"),
    (work.Period, "季度", "year quarter closed_at closed_by", ""),
    (work.Survey, "核查表", "facility state is_demo created_at created_by", "facility__code facility__name"),
    (work.Answer, "答案", "survey indicator value reason note origin revision at by", "survey__facility__code"),
    (work.Change, "修改记录", "survey indicator value reason note origin revision at by", "survey__facility__code"),
    (work.Evidence, "佐证", "survey kind name size content_hash at by removed_at", "survey__facility__code name"),
    (work.Snapshot, "提交快照", "survey number content_hash at by", "survey__facility__code content_hash"),
    (work.Judgement, "判定", "survey standard score grade snapshot", "survey__facility__code"),
    (work.Finding, "判定结果", "judgement requirement outcome shortfall", "judgement__survey__facility__code"),
    (text.Standard, "规范", "title key source effective until content_hash published_at", "title key"),
    (text.Clause, "规范事项", "standard number title key", "title key"),
    (text.Requirement, "具体要求", "standard clause label key", "label key"),
)


class Window(AdminSite):
    site_title = site_header = index_title = "数据后台（只看不改）"
    site_url = "/"
    enable_nav_sidebar = False
    final_catch_all_view = False

    def has_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, Officer) and request.user.is_active and request.user.role == Officer.ADMIN

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        inner = super().admin_view(view, cacheable)

        def for_administrators(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if not self.has_permission(request):
                raise Http404
            return inner(request, *args, **kwargs)

        return update_wrapper(for_administrators, view)

    def get_urls(self) -> list[Any]:
        return [each for each in super().get_urls() if not isinstance(each, URLPattern) or _is_page(each)]


class Pane(ModelAdmin):  # type: ignore[type-arg]  # generic in the stubs only
    """One model to look at."""

    list_per_page = 50
    show_full_result_count = False
    actions = None
    change_form_template = "admin/pane.html"

    def has_module_permission(self, request: HttpRequest) -> bool:
        return True

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """No questions in the address: they would bring out a hash letter by letter."""
        return False

    def get_urls(self) -> list[URLPattern]:
        return [each for each in super().get_urls() if _is_page(each)]


def _is_page(pattern: URLPattern) -> bool:
    return PAGES.fullmatch(pattern.name or "") is not None


def column(name: str) -> Callable[[Model], Any]:
    """A field under our word; what has a word of its own is shown by it."""

    @display(description=WORDS[name], ordering=name)
    def shown(row: Model) -> Any:
        value = getattr(row, f"get_{name}_display", lambda: getattr(row, name))()
        return ("是" if value else "否") if isinstance(value, bool) else display_for_value(value, "—")

    shown.__name__ = f"shown_{name}"  # by the field's own name Django would add its help text
    return shown


def pane(model: type[Model], shown: str, searched: str) -> type[Pane]:
    columns = tuple(map(column, shown.split()))
    return type(
        f"{model.__name__}Pane",
        (Pane,),
        {
            "list_display": columns,
            "fields": columns,
            "readonly_fields": columns,
            "search_fields": searched.split(),
            "list_select_related": _joined(model, shown.split()),
        },
    )


def _joined(model: type[Model], shown: list[str]) -> list[str]:
    """Everything that a row's names ask for, so that a list costs as many queries as a row."""
    own = [name for name in shown if model._meta.get_field(name).is_relation]
    return [*own, *(path for name in own for path in NAMED_BY.get(name, ()))]


window = Window()
for _model, _word, _shown, _searched in SHOWN:
    _model._meta.verbose_name = _model._meta.verbose_name_plural = _word  # here, where it is read: no migration for it
    window.register(_model, pane(_model, _shown, _searched))
