"""The place, and who works on it: divisions and units, facilities, facts, posts, officers."""

from facilities.models.extras import ExtraRequest, ExtraStep
from facilities.models.facilities import Existence, Facility, FacilityRequest
from facilities.models.facts import Fact, facts_of, facts_on
from facilities.models.officers import Act, Officer, OneTimeLink
from facilities.models.places import SUBJECTS, Division, Membership, ReportingUnit
from facilities.models.posts import Post
from facilities.models.uploads import Upload

__all__ = [
    "SUBJECTS",
    "Act",
    "Division",
    "Existence",
    "ExtraRequest",
    "ExtraStep",
    "Facility",
    "FacilityRequest",
    "Fact",
    "Membership",
    "Officer",
    "OneTimeLink",
    "Post",
    "ReportingUnit",
    "Upload",
    "facts_of",
    "facts_on",
]
