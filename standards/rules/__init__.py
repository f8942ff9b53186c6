"""The rule language: parse a standard's file, and refuse at once all that is wrong with it. Pure.

``editions`` puts an edition together · ``dictionary`` reads the facts · ``requirements``, ``checks`` and ``norms`` read
what stands under a sentence · ``quoting``, ``circles`` and ``reachability`` refuse what could not be judged · ``flaws``
collects the refusals, a line each."""

from standards.rules.dictionary import parse_dictionary, parse_interpretations
from standards.rules.editions import parse_edition
from standards.rules.flaws import Flaws

__all__ = ["Flaws", "parse_dictionary", "parse_edition", "parse_interpretations"]
