"""Rules and findings in Chinese: the one door to the modules that say them."""

from standards.wording.explaining import FORCES_EXPLAINED, rule_in_words, scope_in_words
from standards.wording.figures import day_in_words, value_in_words
from standards.wording.finding import Sentence, sentence
from standards.wording.lacking import lacking_line
from standards.wording.reasoning import band_notes, reasons
from standards.wording.verdict import grade_in_words, outcome_in_words

__all__ = [
    "FORCES_EXPLAINED",
    "Sentence",
    "band_notes",
    "day_in_words",
    "grade_in_words",
    "lacking_line",
    "outcome_in_words",
    "reasons",
    "rule_in_words",
    "scope_in_words",
    "sentence",
    "value_in_words",
]
