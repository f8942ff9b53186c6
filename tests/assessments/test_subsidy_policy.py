"""The dated rates: their words are the printed words, and a file with a gap or a mistake is refused with a sentence."""

import ast
import re
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from assessments.subsidies.policy import CITY, DISTRICT, FLAGS, parse_policy, read_policy
from standards.files import toml_of
from standards.rules.flaws import Flaws

ROOT = Path(__file__).parents[2]
FIXTURE = ROOT / "fixtures/subsidy.toml"
PLAN = (ROOT / "tests/sources/zhuhai_2011.txt").read_text(encoding="utf-8")
POLICY = read_policy(FIXTURE)
TEXT = FIXTURE.read_text(encoding="utf-8")
FIRST = date(2011, 11, 23)


def section(start, end):
    [found] = re.findall(f"{start}.*?{end}", PLAN, re.DOTALL)
    return found


CLAUSES = {
    "zh.3.5": section("（五）加强服务机构经费保障", "四、保障措施"),
    "zh.3.1.5": section("5.合理配备人员", "（二）"),
}


def sentences():
    rules = [rule.sentence for rule in (*POLICY.rates, *POLICY.extras)]
    return [*rules, *POLICY.grounds.values()]


@pytest.mark.parametrize("sentence", sentences(), ids=lambda sentence: sentence.quote[:12])
def test_every_quote_stands_in_its_clause_of_the_plan_letter_for_letter(sentence):
    assert sentence.quote in CLAUSES[sentence.clause]


def test_the_rates_hold_from_the_day_of_the_plan_and_stand_in_their_sentences():
    assert (POLICY.standard, POLICY.effective) == ("zhuhai_2011", FIRST)
    assert "二○一一年十一月二十三日" in PLAN
    found = {(rate.kind, rate.payer): rate.amount for rate in POLICY.rates}
    assert found == {("专职", CITY): 1000, ("专职", DISTRICT): 1000, ("兼职", CITY): 800, ("兼职", DISTRICT): 800}
    for rate in POLICY.rates:
        assert f"{rate.amount.to_integral_value()}元" in rate.sentence.quote
    [extra] = POLICY.extras
    assert (extra.more_than, extra.count) == (8000, True)
    assert f"超过{extra.more_than}人" in extra.sentence.quote


def test_every_flag_has_its_ground():
    assert POLICY.grounds.keys() == FLAGS.keys()


def test_a_new_rate_holds_from_its_day_and_the_old_one_before():
    more = (
        TEXT + '[[rate]]\nkind = "专职"\npayer = "city"\nfrom = 2026-04-16\namount = 1200\nclause = "x"\nquote = "y"\n'
    )
    policy = parse_policy(toml_of(more, "x"), "x")
    amounts = [policy.rate("专职", CITY, day).amount for day in (FIRST, date(2026, 4, 15), date(2026, 4, 16))]
    assert amounts == [1000, 1000, Decimal(1200)]


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("amount = 1000.00", 'amount = "1000"', "x.toml: rate 第1项: 补助标准的 amount 应是数字；"),
        ("amount = 1000.00", "amount = -1", "x.toml: rate 第1项: amount 缺失或不是合理的数；"),
        ("amount = 1000.00", "amount = 1000.001", "x.toml: rate 第1项: amount 多于两位小数；"),
        ('kind = "专职"', 'kind = "全职"', "x.toml: rate 第1项: kind“全职”不认识；"),
        ('payer = "city"', 'payer = "town"', "x.toml: rate 第1项: payer“town”不认识；"),
        ("from = 2011-11-23", 'from = "2011"', "x.toml: rate 第1项: 补助标准的 from 缺失或不是日期；"),
        ("from = 2011-11-23", "from = 2012-01-01", "x.toml: 专职、city 的 rate 不是从 2011-11-23 起；"),
        ('payer = "district"', 'payer = "city"', "x.toml: 专职、city 的 rate 有两项从同一天起；"),
        ("count = true", "", "x.toml: extra 第1项: 没有 count；"),
        ('flag = "unfiled"', 'flag = "unfilled"', "x.toml: ground 第2项: flag“unfilled”不认识；是否应为“unfiled”？"),
        ('flag = "unfiled"', 'flag = "partial_month"', "x.toml: 标记“unfiled”没有依据；"),
        ("effective = 2011-11-23", "", "x.toml: 文件的 effective 缺失或不是日期；"),
        ('standard = "zhuhai_2011"', 'standards = "zhuhai_2011"', "x.toml: 文件里有不认识的键“standards”；"),
        (
            "amount = 1000.00",
            "amount = 1000.00\nrounding = 2",
            "x.toml: rate 第1项: 补助标准里有不认识的键“rounding”；",
        ),
    ],
)
def test_a_flaw_is_refused_with_file_place_and_remedy(old, new, sentence):
    assert old in TEXT
    with pytest.raises(Flaws) as refused:
        parse_policy(toml_of(TEXT.replace(old, new, 1), "x.toml"), "x.toml")
    assert [said for said in refused.value.sentences if said.startswith(sentence)]


def test_the_computation_knows_no_django():
    seen, open_ = set(), {"cases", "policy", "sharing", "statement"}
    while open_:
        seen |= open_
        names = {name for module in open_ for name in imported_by(ROOT / f"assessments/subsidies/{module}.py")}
        assert not [name for name in names if name.split(".")[0] == "django" or name.endswith("models")]
        open_ = {name.rpartition(".")[2] for name in names if name.startswith("assessments.subsidies.")} - seen
    assert len(seen) > 7


def imported_by(module):
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
