"""What is lacking to 达标 in one line, and the sentence under the grade."""

from datetime import date

from standards.engine import judge
from standards.outcomes import Judgement
from standards.wording import grade_in_words, lacking_line, outcome_in_words
from tests.standards.spoken import RATIO, compare, edition_of, exact, requiring


def judgement_of(edition, **facts):
    return judge(edition, exact(facts), date(2026, 9, 30))


def three():
    """Two requirements on one gap, a count, a list, a name."""
    return edition_of(
        requiring(RATIO, key="ratio", gap="staff"),
        requiring(compare("staff", "at_least", 5), key="least", gap="staff"),
        requiring(compare("computers", "at_least", 7), key="computer"),
        requiring(compare("rooms", "includes", ("hall", "talk")), key="rooms", force="norm"),
        requiring(compare("name", "matches", "^.+所$"), key="name", label="机构名称"),
    )


GOOD = {"people": 90000, "staff": 9, "computers": 7, "rooms": frozenset({"hall", "talk"}), "name": "某所"}


def test_a_gap_is_counted_once_with_its_largest():
    assert lacking_line(three(), judgement_of(three(), **GOOD | {"staff": 1})) == "还差 8 名工作人员，即达标"


def test_what_is_lacking_in_one_line():
    judgement = judgement_of(three(), **GOOD | {"computers": 5, "rooms": frozenset({"hall"})})
    assert lacking_line(three(), judgement) == "还差 2 台计算机；缺 调解室，即达标"
    judgement = judgement_of(three(), **GOOD | {"name": "某中心"})
    assert lacking_line(three(), judgement) == "机构名称要整改，整改后即达标"


def test_what_is_missing_is_counted_apart():
    facts = {key: value for key, value in GOOD.items() if key != "rooms"}
    assert (
        lacking_line(three(), judgement_of(three(), **facts | {"computers": 5})) == "还差 2 台计算机；另有 1 项缺数据"
    )
    assert lacking_line(three(), judgement_of(three(), **facts)) == "有 1 项缺数据"


def test_nothing_is_lacking():
    judgement = judgement_of(three(), **GOOD)
    assert lacking_line(three(), judgement) == ""
    assert grade_in_words(three(), judgement) == "没有不达标项，也没有偏离。"


def test_an_accepted_deviation_no_longer_stands_in_the_way():
    facts = exact(GOOD | {"rooms": frozenset({"hall"})})
    judgement = judge(three(), facts, date(2026, 9, 30), determinations={"rooms": "accepted"})
    assert lacking_line(three(), judgement) == ""
    assert grade_in_words(three(), judgement) == "没有不达标项，偏离的都已说明并获审核认可。"
    assert outcome_in_words(judgement.results["rooms"]) == "偏离，已认可"


def test_the_grade_is_given_its_reason():
    judgement = judgement_of(three(), **GOOD | {"rooms": frozenset({"hall"})})
    assert judgement.grade == "基本达标"
    assert grade_in_words(three(), judgement) == "得分不低于 90.0。离达标还差：1 项偏离要说明并获审核认可。"
    judgement = judgement_of(three(), **GOOD | {"computers": 5})
    assert grade_in_words(three(), judgement) == "得分低于 90.0。离达标还差：1 项不达标要补齐。"
    facts = {key: value for key, value in GOOD.items() if key != "rooms"}
    assert grade_in_words(three(), judgement_of(three(), **facts)) == "还有 1 项缺数据，补齐后才能定等级。"
    assert grade_in_words(three(), judgement_of(three(), **facts | {"computers": 5})).startswith(
        "即使 1 项缺数据的都达标，"
    )


def test_a_veto_and_a_foundation_are_named():
    vetoed = edition_of(requiring(compare("line", "is", True), veto=True, label="专线"))
    assert grade_in_words(vetoed, judgement_of(vetoed, line=False)).startswith("一票否决项不达标：专线。")
    founded = edition_of(requiring(compare("set_up", "is", True), foundation=True))
    judgement = judgement_of(founded, set_up=False)
    assert grade_in_words(founded, judgement) == "机构还没有设立，得 0 分，其余各项不评。"
    assert lacking_line(founded, judgement) == "先要设立机构，设立后再评其余各项"


def test_nothing_scored_has_no_grade():
    assert grade_in_words(edition_of(), Judgement(None, None)).startswith("没有要计分的项目")
