"""What a return counts, and which sentences and facts of the standards feed each number. Data, no code: a new edition
adds its keys here. Words and order are the paper's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

SHARE, AMOUNT, SUM, RATIO = "share", "amount", "sum", "ratio"
BLANK = "________"  # in a drafted text: for the officer to fill in
Keys = Mapping[str, tuple[str, ...]]  # subject → keys


@dataclass(frozen=True, slots=True)
class Item:
    """``share``: facilities that meet all ``requirements``, of those to which one applies.
    ``amount``: 实有, 应有 and 差 of ``requirements`` that measure the same thing; of several the largest counts once.
    ``sum``: ``facts`` added up. ``ratio``: ``facts`` over ``base``.
    A ``sum`` and a ``ratio`` do not apply where ``requirements`` do not. ``outcomes`` narrow what a share counts."""

    key: str
    label: str
    kind: str
    unit: str
    requirements: Keys = field(default_factory=dict)
    facts: Keys = field(default_factory=dict)
    base: Keys = field(default_factory=dict)
    outcomes: tuple[str, ...] = ()
    short: str = ""  # how a facility's lack of it is named; empty: it is not named in a list of what is lacking
    places: int = 0


def _device(key: str, label: str, unit: str, *subjects: str, places: int = 0) -> Item:
    rows = {"township": f"town.7.{key}", "village": f"village.7.{key}"}
    wanted = {subject: (rows[subject],) for subject in subjects}
    return Item(key, label, AMOUNT, unit, wanted, short=label, places=places)


BOTH = ("township", "village")
DEVICES = (
    _device("computer", "计算机", "台", *BOTH),
    _device("screen", "信息发布屏幕", "㎡", "township", places=2),
    _device("touch_screen", "触摸屏", "台", "township"),
    _device("social_card_reader", "社保卡读卡器", "台", *BOTH),
    _device("id_card_reader", "二代身份证读卡器", "台", *BOTH),
    _device("barcode_scanner", "条形码扫描枪", "把", *BOTH),
    _device("fax", "传真机", "台", "township"),
    _device("printer", "打印机", "台", *BOTH),
    _device("fingerprint", "指纹识别设备", "台", "township"),
    _device("filing_cabinet", "档案柜", "个", *BOTH),
)


def _all_devices(subject: str) -> tuple[str, ...]:
    return tuple(key for device in DEVICES for key in device.requirements.get(subject, ()))


ITEMS = (
    Item(
        "set_up", "机构设立", SHARE, "家",
        {"county": ("county.1.established",), "township": ("town.1.established",),
         "village": ("village.1.station", "village.1.station_conditional")},
        short="未设立",
    ),
    Item(
        "named", "名称规范", SHARE, "家",
        {"county": ("county.1.name",), "township": ("town.1.name",), "village": ("village.1.name",)},
        short="名称不规范",
    ),
    Item(
        "staffed", "人员配齐", SHARE, "家",
        {"county": ("county.8.staffed",), "township": ("town.3.ratio", "town.3.minimum"),
         "village": ("village.3.ratio", "village.3.minimum")},
    ),
    Item(
        "staff", "工作人员", AMOUNT, "人",
        {"county": ("county.8.staffed",), "township": ("town.3.ratio", "town.3.minimum"),
         "village": ("village.3.ratio", "village.3.minimum")},
        short="工作人员",
    ),
    Item(
        "area", "场所面积", AMOUNT, "㎡",
        {"county": ("county.2.area",), "township": ("town.2.area",), "village": ("village.2.area",)},
        short="面积", places=2,
    ),
    Item(
        "relaxed", "面积酌减达标", SHARE, "家",
        {"county": ("county.2.area",), "township": ("town.2.area",), "village": ("village.2.area",)},
        outcomes=("relaxed",),
    ),
    Item("equipped", "设施配齐", SHARE, "家", {subject: _all_devices(subject) for subject in BOTH}),
    *DEVICES,
    Item(
        "network", "联网", SHARE, "家",
        {"township": ("town.9.county_line", "town.9.city_line"), "village": ("village.9.vpn",)}, short="联网",
    ),
    Item(
        "software", "业务软件", SHARE, "家",
        {"township": ("town.9.software",), "village": ("village.9.software",)}, short="业务软件",
    ),
    Item(
        "ledger", "台账", SHARE, "家",
        {"county": ("county.7.ledger",), "township": ("town.8.ledger",), "village": ("village.8.ledger",)},
        short="台账",
    ),
    Item(
        "rules", "制度、流程、标准", SHARE, "家",
        {"county": ("county.7.rules", "county.7.procedures", "county.7.standards"),
         "township": ("town.8.rules", "town.8.procedures", "town.8.standards"),
         "village": ("village.8.rules", "village.8.procedures", "village.8.standards")},
        short="制度流程标准",
    ),
    Item(
        "budget", "经费落实", SHARE, "家",
        {"county": ("county.8.funded",), "township": ("town.4.county_budget", "town.4.town_budget"),
         "village": ("village.4.county_funding", "village.4.town_funding")},
        short="经费",
    ),
    Item(
        "county_money", "区级财政经费", SUM, "万元",
        {"county": ("county.8.funded",), "township": ("town.4.county_budget",),
         "village": ("village.4.county_funding",)},
        facts={"county": ("budget_actual",), "township": ("county_budget_amount",), "village": ("county_funding",)},
        places=2,
    ),
    Item(
        "town_money", "街道（镇）财政经费", SUM, "万元",
        {"township": ("town.4.town_budget",), "village": ("village.4.town_funding",)},
        facts={"township": ("town_budget_amount",), "village": ("town_funding",)}, places=2,
    ),
    Item(
        "training", "开展培训", SHARE, "家",
        {"township": ("town.10.training",), "village": ("village.10.training",)}, short="业务培训",
    ),
    Item(
        "trained", "受训人员", SUM, "人",
        {"township": ("town.10.training",), "village": ("village.10.training",)},
        facts={"township": ("training_trained",), "village": ("training_trained",)},
    ),
    Item(
        "qualified", "具备资质人员", RATIO, "人",
        {"township": ("town.10.qualified",), "village": ("village.10.qualified",)},
        facts={"township": ("qualified_staff",), "village": ("qualified_staff",)},
        base={"township": ("staff_count",), "village": ("staff_count",)},
    ),
)  # fmt: skip
ITEM = {item.key: item for item in ITEMS}
#: whose score and grade stand for a facility, where several standards judge it
SCHEDULES = {"county": "county_center", "township": "town_office", "village": "village_station"}
