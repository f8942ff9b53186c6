"""Judgements → counts and gaps by area, kept in the transaction that changes a survey's state.

``refresh`` adds the difference between what is counted of a survey (``DueSurvey``) and what it is now, for its town,
its unit and the city; ``rebuild`` counts everything anew from the judgements, ``differences`` compares the two."""

from assessments.summaries.keeping import refresh, refresh_all
from assessments.summaries.recounting import begin, differences, rebuild

__all__ = ["begin", "differences", "rebuild", "refresh", "refresh_all"]
