"""The public pages. Lists show what every reader may see; a record's own page shows drafts to signed-in editors."""

from events.views.dates import OnThisDayView, PeriodView, TodayView
from events.views.lists import (
    AgreementListView,
    ArticleListView,
    FacetView,
    MeetingListView,
    ParticipantListView,
    PlaceListView,
    QuotationListView,
    SuggestView,
    TopicListView,
)
from events.views.pages import AboutSearchView, AboutView, HomeView, NamesView, RobotsView
from events.views.records import (
    AgreementDetailView,
    ArticleDetailView,
    MeetingDetailView,
    ParticipantDetailView,
    PlaceDetailView,
    QuotationDetailView,
    TopicDetailView,
)
from events.views.searching import SearchView

__all__ = [
    "AboutSearchView",
    "AboutView",
    "AgreementDetailView",
    "AgreementListView",
    "ArticleDetailView",
    "ArticleListView",
    "FacetView",
    "HomeView",
    "MeetingDetailView",
    "MeetingListView",
    "NamesView",
    "OnThisDayView",
    "ParticipantDetailView",
    "ParticipantListView",
    "PeriodView",
    "PlaceDetailView",
    "PlaceListView",
    "QuotationDetailView",
    "QuotationListView",
    "RobotsView",
    "SearchView",
    "SuggestView",
    "TodayView",
    "TopicDetailView",
    "TopicListView",
]
