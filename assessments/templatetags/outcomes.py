"""The words of outcomes, for templates."""

from collections.abc import ItemsView

from django import template

from standards.outcomes import OUTCOMES

register = template.Library()


@register.filter
def outcome_word(outcome: str) -> str:
    return OUTCOMES[outcome]


@register.simple_tag
def outcome_words() -> ItemsView[str, str]:
    return OUTCOMES.items()
