"""The page that leaves: returns with their versions, bulletins, appraisals, files that were issued, long work."""

from reports.models.appraisals import Appraisal, AppraisalAdjustment
from reports.models.bulletins import Bulletin, CriticismDecision
from reports.models.files import KEPT, IssuedFile, Job, kept_until
from reports.models.returns import QuarterlyReturn, ReturnAct, ReturnVersion

__all__ = [
    "KEPT",
    "Appraisal",
    "AppraisalAdjustment",
    "Bulletin",
    "CriticismDecision",
    "IssuedFile",
    "Job",
    "QuarterlyReturn",
    "ReturnAct",
    "ReturnVersion",
    "kept_until",
]
