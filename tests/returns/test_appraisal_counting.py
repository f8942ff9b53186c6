"""考核: counts → scores by hand, and a policy that is refused with every flaw."""

import tomllib
from decimal import Decimal
from fractions import Fraction
from random import Random

import pytest
from django.conf import settings

from reports.appraisals.counting import Count, places, scored, total
from reports.appraisals.policy import KEYS, parse_policy, policy, policy_from, policy_json
from standards.rules.flaws import Flaws

FILE = settings.BASE_DIR / "fixtures" / "appraisal.toml"
WEIGHTS = {
    "compliance": Decimal(40),
    "timeliness": Decimal(20),
    "spot_checks": Decimal(20),
    "rectification": Decimal(20),
}
NONE = Count()


def written():
    return tomllib.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)


def score_of(*counts):
    return scored(dict(zip(KEYS, counts, strict=True)), WEIGHTS)


def test_a_score_worked_by_hand():
    """40 × 3/4 + 20 × 9/10 + 20 × 97/100 + 20 × 1/2 = 30 + 18 + 19.4 + 10."""
    found = score_of(Count(3, 4), Count(9, 10), Count(97, 100), Count(1, 2))
    assert (str(found.score), found.absent) == ("77.40", ())
    assert [str(found.points[key].points) for key in KEYS] == ["30.00", "18.00", "19.40", "10.00"]
    assert [found.points[key].weight for key in KEYS] == list(WEIGHTS.values())


def test_the_weight_of_what_is_absent_goes_to_the_others_and_is_never_0():
    """Without spot checks and rectification 40 and 20 become 66.67 and 33.33: (40 × 3/4 + 20 × 9/10) ÷ 60 = 80."""
    found = score_of(Count(3, 4), Count(9, 10), NONE, NONE)
    assert (str(found.score), found.absent) == ("80.00", ("spot_checks", "rectification"))
    told = [(str(found.points[key].weight), str(found.points[key].points)) for key in KEYS]
    assert told == [("66.67", "50.00"), ("33.33", "30.00"), ("None", "None"), ("None", "None")]


def test_nothing_known_has_no_score_and_nothing_done_has_0():
    assert score_of(NONE, NONE, NONE, NONE).score is None
    assert str(score_of(Count(0, 5), Count(0, 5), NONE, NONE).score) == "0.00"


def test_rounded_once_at_the_end():
    """Thirds: 40/3 + 20/3 + 20/3 + 20/3 is 33.33, not the sum of 13.33 and three times 6.67."""
    third = Count(1, 3)
    found = score_of(third, third, third, third)
    assert str(found.score) == "33.33"
    assert sum(each.points for each in found.points.values()) == Decimal("33.34")


def test_total_over_total_is_not_the_mean_of_rates():
    assert total([Count(1, 1), Count(0, 9)]).rate == Decimal("10.0")
    assert total([]).rate is None


def test_equal_scores_share_a_place_and_none_has_none():
    told = places(
        {"a": Decimal("80.00"), "b": None, "c": Decimal("90.00"), "d": Decimal("80.00"), "e": Decimal("0.00")}
    )
    assert told == {"c": (1, False), "a": (2, True), "d": (2, True), "e": (4, False)}


@pytest.mark.parametrize("seed", range(40))
def test_a_score_is_a_weighted_mean_of_what_is_known(seed):
    drawn = Random(seed)
    pairs = [sorted(drawn.choices([0, 0, 1, 2, 3, 7, 50], k=2)) for _ in KEYS]
    counts = [Count(*pair) for pair in pairs]
    known = [(Fraction(WEIGHTS[key]), Fraction(c.number, c.of)) for key, c in zip(KEYS, counts, strict=True) if c.of]
    found = score_of(*counts).score
    if not known:
        assert found is None
        return
    exact = sum(weight * share for weight, share in known) / sum(weight for weight, _ in known) * 100
    assert abs(Fraction(found) - exact) <= Fraction(1, 200)
    assert 0 <= found <= 100


# ── The policy ────────────────────────────────────────────────────────────────


def test_the_policy_quotes_the_plan_and_comes_to_100():
    plan = (settings.BASE_DIR / "fixtures/standards/zhuhai_2011.2011-11-23.toml").read_text(encoding="utf-8")
    read = policy()
    assert all(words in plan for words in (read.quote, *(each.quote for each in read.indicators)))
    assert sum(read.weights.values()) == 100
    assert [each.key for each in read.indicators] == list(KEYS)
    assert policy_from(policy_json(read)) == read


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t["indicator"][0].update(weight=41), "权重合计是 101，不是 100"),
        (lambda t: t["indicator"][0].update(weight=0), "weight 缺失，或者不是 0 到 100 之间"),
        (lambda t: t["indicator"][0].update(weight=Decimal("39.999")), "最多两位小数"),
        (lambda t: t["indicator"][0].update(weight="40"), "weight 应是数字"),
        (lambda t: t["indicator"].pop(), "指标“rectification”写了 0 次"),
        (lambda t: t["indicator"][1].update(key="complianc"), "是否应为“compliance”"),
        (lambda t: t["indicator"][1].update(formula="a/b"), "不认识的键“formula”"),
        (lambda t: t["indicator"][2].pop("source"), "source 缺失或不是文字"),
        (lambda t: t["indicator"][2].update(quote=" "), "quote 缺失或不是文字"),
        (lambda t: t.pop("absent"), "absent 缺失"),
        (lambda t: t.pop("most_adjustment"), "most_adjustment 缺失"),
        (lambda t: t.update(indicator=[7]), "指标应是一张表"),
    ],
)
def test_a_flaw_is_refused_with_a_sentence(change, says):
    told = written()
    change(told)
    with pytest.raises(Flaws) as refused:
        parse_policy(told, "appraisal.toml")
    assert any(says in sentence and sentence.startswith("appraisal.toml: ") for sentence in refused.value.sentences)
