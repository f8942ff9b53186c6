"""Small editions for tests: written as TOML against a dictionary with one fact of every type."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from standards.engine import judge
from standards.files import toml_of
from standards.rules import parse_dictionary, parse_edition, parse_interpretations
from standards.values import parse_value

DICTIONARY = """
people = { label = "人口", type = "integer", unit = "人", from = "place", range = [0, 600000] }
served = { label = "服务对象", type = "integer", unit = "人" }
staff = { label = "人员", type = "integer", unit = "人" }
extra = { label = "增配", type = "integer", unit = "人" }
computers = { label = "计算机", type = "integer", unit = "台" }
area = { label = "面积", type = "decimal", unit = "㎡", places = 2 }
open = { label = "开放", type = "boolean" }
wired = { label = "联网", type = "boolean" }
line = { label = "线路", type = "choice", choices = ["专线", "VPN", "无"] }
built = { label = "设立日期", type = "date" }
due = { label = "应办日期", type = "date" }
name = { label = "名称", type = "text" }
[services]
label = "服务"
type = "choices"
choices = [{ value = "jobs", label = "就业" }, { value = "care", label = "社保" }, { value = "files", label = "档案" }]
[ledgers]
label = "台账"
type = "choices"
choices = [{ value = "jobs", label = "就业" }, { value = "care", label = "社保" }, { value = "files", label = "档案" }]
"""
INTERPRETATIONS = 'A1 = { question = "怎么读", reading = "这么读", ground = "理由" }'
HEAD = """
key = "sample"
title = "样例"
source = "样例"
subjects = ["township", "village"]
effective = 2016-01-01
[policy]
credit = { pass = 1, relaxed = 1, accepted = 1, deviation = 0.5, pending = 0, fail = 0, missing = 0 }
basic_compliance = 90
[lists]
both = ["jobs", "care"]
"""
WORDS = "应当这样做。"
dictionary = parse_dictionary(toml_of(DICTIONARY, "indicators.toml"), "indicators.toml")
interpretations = parse_interpretations(toml_of(INTERPRETATIONS, "interpretations.toml"), "interpretations.toml")


def clause(number, *requirements, extra=""):
    """A clause c<number>; each requirement is its TOML lines, its key c<number>.r<place> and its words the clause's."""
    lines = ["[[clause]]", f'key = "c{number}"', f'number = "{number}"', 'title = "条"', f'text = "{WORDS}"', extra]
    for place, rule in enumerate(requirements, 1):
        force = "" if "force =" in rule else 'force = "mandatory"'
        quote = "" if "quote" in rule else f'quote = "{WORDS}"'
        lines += ["[[clause.requirement]]", f'key = "c{number}.r{place}"', 'label = "要求"', force, quote, rule]
    return "\n".join(lines)


def edition_from(*clauses, head=HEAD):
    return parse_edition(toml_of(head + "\n".join(clauses), "sample.toml"), dictionary, interpretations, "sample.toml")


def edition_of_check(check, rest=""):
    """One clause, one requirement c1.r1."""
    return edition_from(clause(1, f"check = {check}\n{rest}"))


def facts_from(given):
    """JSON forms → facts; numbers may be int, text or Decimal."""
    return {key: parse_value(dictionary[key], value) for key, value in given.items()}


def judged(edition, on, given, **how):
    return judge(edition, facts_from(given), on, **how)


def number(value):
    return None if value is None else Decimal(str(value))


OPEN = "{ indicator = 'open', is = true }"
WIRED = "{ indicator = 'wired', is = true }"
#: two bands with words of their own, and nothing laid down below 60,000
BANDS = """{ cases = [
  { when = { indicator = 'people', at_least = 90000 }, indicator = 'computers', at_least = 7, quote = '应当' },
  { when = { indicator = 'people', at_least = 60000 }, indicator = 'computers', at_least = 5, quote = '这样做' },
] }"""


def given(**facts):
    """What is None is absent."""
    return {key: value for key, value in facts.items() if value is not None}


def result_of(check, facts, rest="", on=date(2026, 3, 31)):
    """Of the one requirement with this check."""
    return judged(edition_of_check(check, rest), on, facts).results["c1.r1"]


def outcome_of(check, facts, rest=""):
    return result_of(check, facts, rest).outcome


def case_paths():
    """The files of cases that judge by a standard; those of the subsidy have a form of their own."""
    folder = Path(__file__).resolve().parents[1] / "cases"
    return sorted(folder.glob("*.toml"))
