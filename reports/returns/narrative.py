"""The running text of a return, as an official writes it, with the figures filled in. No sentence is written for what
does not apply; what has no data is said to have none, and nothing is guessed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from reports.returns.figures import STATES, Block, Figure
from reports.returns.items import DEVICES, ITEM
from reports.returns.statement import SHORT, Statement, exact
from standards.outcomes import BELOW, INCOMPLETE, NOT_SET_UP

PLAN = "《关于加强乡镇街道人力资源社会保障公共服务平台建设的实施方案》"
NAMED = 5  # facilities or units are named up to so many
NUMERALS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Section:
    heading: str
    paragraphs: tuple[str, ...]


def sections_of(statement: Statement) -> list[Section]:
    titled = [("总体情况", list(_overall(statement))), ("分项情况", list(_by_item(statement)))]
    if statement.mending:
        titled.append(("整改情况", list(statement.mending.said)))
    if not statement.is_city:
        problems, steps = (statement.texts[name].splitlines() for name in ("problems", "next_steps"))
        titled += [("存在问题和原因", problems), ("下季度安排", steps)]
    told = [(title, paragraphs) for title, paragraphs in titled if paragraphs]
    return [Section(f"{NUMERALS[place]}、{title}", tuple(paragraphs)) for place, (title, paragraphs) in enumerate(told)]


def opening_of(statement: Statement) -> str:
    period = statement.period
    if statement.is_city:
        return (
            f"现将各报送单位{period}公共服务平台建设完成情况汇总如下。数字取自各单位最新报送的季报，未报的单位不估算。"
        )
    basis = f"按照{PLAN}“每个季度结束后5个工作日内”报送的要求"
    return (
        f"{basis}，现将{statement.unit}{period}公共服务平台建设完成情况报告如下。"
        f"数据截至{chinese_day(statement)}，取自已审核通过的核查表。"
    )


def chinese_day(statement: Statement) -> str:
    day = statement.last_day
    return f"{day.year}年{day.month}月{day.day}日"


# ── 总体情况 ──────────────────────────────────────────────────────────────────


def _overall(statement: Statement) -> Iterator[str]:
    total = statement.total
    if statement.is_city:
        yield _units(statement)
    if not total.due:
        yield "本季度没有应评估的机构。"
        return
    yield _due(statement) + _coverage(total)
    if total.accepted:
        yield _grades(total, statement.previous)


def _units(statement: Statement) -> str:
    missing = [group.name for group in statement.groups if group.block is None]
    count = len(statement.groups)
    if not missing:
        return f"应报单位{count}个，全部报送。"
    return f"应报单位{count}个，已报{count - len(missing)}个，未报{len(missing)}个（{'、'.join(missing)}）。"


def _due(statement: Statement) -> str:
    where = "已报送的单位" if statement.is_city else "全区" if statement.unit.endswith("区") else "辖区内"
    kinds = [(SHORT.get(subject, subject), block.due) for subject, block in statement.subjects.items()]
    if len(kinds) == 1:
        return f"{where}应评估{kinds[0][0]}{statement.total.due}家。"
    return f"{where}应评估{statement.total.due}家，其中{'、'.join(f'{name}{due}家' for name, due in kinds)}。"


def _coverage(total: Block) -> str:
    if total.accepted == total.due:
        return "核查表全部审核通过。"
    said = {
        STATES["submitted"]: total.states.get("submitted", 0),
        STATES["returned"]: total.states.get("returned", 0),
        "未报": total.missing,
    }
    rest = "、".join(f"{word}{number}家" for word, number in said.items() if number)
    if not total.accepted:
        return f"目前还没有审核通过的核查表（{rest}），各项数字无法统计。"
    return f"已审核通过{total.accepted}家，另有{rest}，不计入下列各项数字。"


def _grades(total: Block, previous: Block | None) -> str:
    said = f"达标和基本达标{total.compliant}家，占应评估总数的{total.rate}%"
    if not total.compliant:
        said = "还没有达标和基本达标的机构"
    said += _points(total.rate, previous.rate if previous else None)
    parts = [said]
    if total.mean is not None:
        parts.append(f"平均得分{total.mean}分" + _change(total.mean, previous.mean if previous else None, "分"))
    for grade, word in ((BELOW, "未达标"), (INCOMPLETE, "资料不全"), (NOT_SET_UP, "未设立")):
        if number := total.grades.get(grade, 0):
            parts.append(f"{word}{number}家")
    return "；".join(parts) + "。"


def _points(now: Decimal | None, before: Decimal | None) -> str:
    return _change(now, before, "个百分点")


def _change(now: Decimal | None, before: Decimal | None, unit: str) -> str:
    if now is None or before is None:
        return ""
    if now == before:
        return "，与上季度持平"
    return f"，比上季度{'提高' if now > before else '降低'}{exact(abs(now - before))}{unit}"


# ── 分项情况 ──────────────────────────────────────────────────────────────────


def _by_item(statement: Statement) -> Iterator[str]:
    total = statement.total
    told = (
        ("机构设立", _bodies(total)),
        ("人员配备", _staff(total, statement.previous)),
        ("场所面积", _area(total)),
        ("设施配置", _equipment(total)),
        ("信息化建设", _network(total, statement.previous)),
        ("服务制度", _rules(total)),
        ("经费保障", _money(total)),
        ("队伍建设", _training(total)),
    )
    written = [(title, said) for title, said in told if said]
    for place, (title, said) in enumerate(written):
        yield f"（{NUMERALS[place]}）{title}。{said}"


def _bodies(total: Block) -> str:
    return _share(total.figure("set_up"), "应设", "已设立", "未设立") + _share(
        total.figure("named"), "已设机构应核对名称", "名称规范", "名称不符合规定写法"
    )


def _share(figure: Figure, ought: str, met: str, unmet: str) -> str:
    """「应设10家，全部已设立。」「应设10家，已设立8家，未设立1家，无数据1家。」"""
    if not figure.applies:
        return ""
    if figure.number == figure.of:
        return f"{ought}{exact(figure.of)}家，全部{met}。"
    parts = [f"{ought}{exact(figure.of)}家"]
    if figure.number:
        parts.append(f"{met}{exact(figure.number)}家")
    if figure.lacking:
        parts.append(f"{unmet}{figure.lacking}家")
    return "，".join(parts) + _unknown(figure) + "。"


def _unknown(figure: Figure) -> str:
    return f"，无数据{figure.unknown}家" if figure.unknown else ""


def _staff(total: Block, previous: Block | None) -> str:
    return _amount(total.figure("staff"), previous.figure("staff") if previous else None, "人", 0, "配齐", "应配")


def _amount(figure: Figure, before: Figure | None, unit: str, places: int, met: str, ought: str) -> str:
    if not figure.applies:
        return ""
    if not figure.known:
        return f"{figure.unknown}家没有数据。"
    said = f"{ought}{exact(figure.of, places)}{unit}，实有{exact(figure.number, places)}{unit}"
    if before and before.known:
        said += _more_or_less(figure.number - before.number, unit, places)
    if figure.lacking:
        said += f"；{figure.lacking}家不足，共差{exact(figure.short, places)}{unit}"
    else:
        said += f"，{'有数据的各家' if figure.unknown else '各家'}均已{met}"
    return said + _unknown(figure) + "。"


def _more_or_less(difference: Decimal, unit: str, places: int) -> str:
    if not difference:
        return "（与上季度相同）"
    return f"（比上季度{'增加' if difference > 0 else '减少'}{exact(abs(difference), places)}{unit}）"


def _area(total: Block) -> str:
    said = _amount(total.figure("area"), None, "平方米", 2, "达到标准", "标准面积合计")
    relaxed = total.figure("relaxed")
    return said + (f"因信息化水平提高酌减达标{exact(relaxed.number)}家。" if relaxed.number else "")


def _equipment(total: Block) -> str:
    figure = total.figure("equipped")
    if not figure.applies:
        return ""
    said = _share(figure, "应配备", "配齐", "未配齐")
    short = [(total.figure(item.key), item) for item in DEVICES]
    lacking = [f"{item.label}{exact(fig.short, item.places)}{item.unit}" for fig, item in short if fig.short]
    return said + (f"差{'、'.join(lacking)}。" if lacking else "")


def _network(total: Block, previous: Block | None) -> str:
    figure = total.figure("network")
    said = _share(figure, "应联网", "联网", "未联网")
    if figure.rate is not None and figure.number != figure.of:
        change = _points(figure.rate, previous.figure("network").rate if previous else None)
        said = f"{said.removesuffix('。')}，联网率{figure.rate}%{change}。"
    return said + _share(total.figure("software"), "应使用业务软件", "安装使用", "没有安装使用")


def _rules(total: Block) -> str:
    return _share(total.figure("ledger"), "应建立台账", "建全", "台账不全") + _share(
        total.figure("rules"), "应制定制度、流程、标准", "制定齐全", "制定不全"
    )


def _money(total: Block) -> str:
    said = _share(total.figure("budget"), "应落实经费", "落实", "没有落实")
    county, town = total.figure("county_money"), total.figure("town_money")
    amounts = [
        f"{ITEM[key].label}{exact(figure.number, 2)}万元" + (f"（{figure.unknown}家无数据）" if figure.unknown else "")
        for key, figure in (("county_money", county), ("town_money", town))
        if figure.known
    ]
    return said + (f"本年度{'，'.join(amounts)}。" if amounts else "")


def _training(total: Block) -> str:
    said = _share(total.figure("training"), "应组织培训", "组织培训", "没有组织培训")
    trained, qualified = total.figure("trained"), total.figure("qualified")
    if trained.known:
        said += f"本年度受训{exact(trained.number)}人。"
    if qualified.known and qualified.of:
        said += f"在岗{exact(qualified.of)}人中，具备资质{exact(qualified.number)}人，占{qualified.rate}%。"
    return said
