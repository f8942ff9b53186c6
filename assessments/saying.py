"""Answers in words."""

from __future__ import annotations

from assessments.answering import Given
from assessments.forms import Page, Question
from assessments.scoring import Standing
from standards.values import parse_value
from standards.wording import value_in_words

SHORT = 24  # characters of a text in the task list


def answer_in_words(standing: Standing, key: str) -> str:
    """「186.00 ㎡」, 「无法提供：…」 or 未填写."""
    answer = standing.answers.get(key)
    return given_in_words(standing.questionnaire.questions[key], Given.of(answer))


def given_in_words(question: Question, given: Given) -> str:
    if given.value is not None:
        return value_in_words(question.indicator, parse_value(question.indicator, given.value))
    return f"无法提供：{given.reason}" if given.reason else "未填写"


def said_in_short(standing: Standing, page: Page) -> str:
    """One line of a page's answers for the task list; why there are none where nothing is asked."""
    if spared := standing.page(page).spared:
        return spared
    asked = [question for question in page.questions if question.key in standing.relevant]
    held = [q for q in asked if (a := standing.answers.get(q.key)) and a.value is not None]
    if not held:
        return "—"
    if len(asked) > 5:
        return f"已填 {len(held)} / {len(asked)} 项"
    said = [_briefly(standing, question) for question in held if not question.optional] or ["已填"]
    return "，".join(said[:3])


def _briefly(standing: Standing, question: Question) -> str:
    indicator = question.indicator
    if indicator.type == "choices":
        ticked = standing.answers[question.key].value or []
        return f"{indicator.label} {len(ticked)} / {len(question.choices)} 项"
    words = answer_in_words(standing, question.key)
    words = words if len(words) <= SHORT else words[:SHORT] + "…"
    if indicator.type == "boolean":
        return f"{indicator.label.removeprefix('是否')}：{words}"
    return f"{indicator.label} {words}"
