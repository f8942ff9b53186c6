"""The work: quarters, surveys, their answers and every change of them, snapshots, judgements, reviews, summaries,
subsidies, spot checks."""

from assessments.models.adoptions import Adoption
from assessments.models.evidence import Evidence, EvidenceUse
from assessments.models.judgements import Finding, Judgement, Snapshot
from assessments.models.notices import Notice
from assessments.models.quarters import DueSurvey, Period, Timetable, UnitDue, WorkDay
from assessments.models.rectifications import Rectification, RectificationAct, RectificationFile
from assessments.models.reviews import Comment, Determination, Review
from assessments.models.spot_checks import Draw, SpotCheck, SpotDifference
from assessments.models.subsidies import SubsidyPaid
from assessments.models.summaries import Progress, Summary
from assessments.models.surveys import Answer, Change, Survey

__all__ = [
    "Adoption",
    "Answer",
    "Change",
    "Comment",
    "Determination",
    "Draw",
    "DueSurvey",
    "Evidence",
    "EvidenceUse",
    "Finding",
    "Judgement",
    "Notice",
    "Period",
    "Progress",
    "Rectification",
    "RectificationAct",
    "RectificationFile",
    "Review",
    "Snapshot",
    "SpotCheck",
    "SpotDifference",
    "SubsidyPaid",
    "Summary",
    "Survey",
    "Timetable",
    "UnitDue",
    "WorkDay",
]
