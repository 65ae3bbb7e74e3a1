"""The records, a module a noun."""

from events.models.agreement import Agreement
from events.models.article import Article, Coverage, Outlet, Snapshot
from events.models.base import Status
from events.models.check import PageCheck, SourceCheck
from events.models.duplicate import CandidatePair, Distinction, DuplicateSearch
from events.models.history import Change, Version
from events.models.incoming import IncomingArticle
from events.models.invalidation import Edition, Invalidation
from events.models.meeting import Attendance, Meeting
from events.models.merge import Merge
from events.models.name import Name
from events.models.participant import Participant, Tenure
from events.models.pending_import import PendingImport
from events.models.place import Place
from events.models.proposal import Proposal, Survey
from events.models.quotation import Quotation
from events.models.stored_index import StoredIndex
from events.models.topic import Topic
from events.models.word import Word

__all__ = [
    "Agreement",
    "Article",
    "Attendance",
    "CandidatePair",
    "Change",
    "Coverage",
    "Distinction",
    "DuplicateSearch",
    "Edition",
    "IncomingArticle",
    "Invalidation",
    "Meeting",
    "Merge",
    "Name",
    "Outlet",
    "PageCheck",
    "Participant",
    "PendingImport",
    "Place",
    "Proposal",
    "Quotation",
    "Snapshot",
    "SourceCheck",
    "Status",
    "StoredIndex",
    "Survey",
    "Tenure",
    "Topic",
    "Version",
    "Word",
]
