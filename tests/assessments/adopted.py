"""A survey that two editions judge, answered whole."""

from uuid import uuid4

from django.conf import settings

from assessments.adopting import load_adoptions
from assessments.answering import Edit, Given, save
from assessments.standings import standing_of
from tests.assessments.acts import fresh

FILE = settings.BASE_DIR / "fixtures" / "adoptions.toml"


def adopt(file=FILE):
    return load_adoptions(file)


def any_answer(question):
    """Something that fits, in its JSON form."""
    indicator = question.indicator
    match indicator.type:
        case "boolean":
            return True
        case "integer":
            return int(indicator.low or 1)
        case "decimal":
            return f"{indicator.low or 1:.{indicator.places}f}"
        case "choice":
            return question.choices[0].value
        case "choices":
            return [choice.value for choice in question.choices]
        case "date":
            return "2011-12-01"
    return "有"


def say_all(survey, officer, **said):
    """First what is said, then whatever is still needed, until nothing is."""
    standing = standing_of(fresh(survey))
    asked = standing.questionnaire.questions
    _save(survey, officer, standing, {key: value for key, value in said.items() if key in asked})
    while (standing := standing_of(fresh(survey))).needed:
        _save(survey, officer, standing, {key: any_answer(asked[key]) for key in standing.needed})
    return standing


def _save(survey, officer, standing, said):
    asked, held = standing.questionnaire.questions, standing.answers
    edits = [
        Edit(asked[key], Given(value), held[key].revision if key in held else 0, uuid4()) for key, value in said.items()
    ]
    assert not save(survey, officer, edits).conflicts
