"""The addresses of the public archive, as a site map. None of them ever dies: see docs/architecture.md."""

from django.urls import path, register_converter
from django.urls.converters import IntConverter

from events import views

app_name = "events"


class YearConverter(IntConverter):
    """Four digits from 1900 to 2099 are a year. A meeting of such a number is found at /meetings/2023/its-title/."""

    regex = "(?:19|20)[0-9]{2}"


class TwoDigitConverter(IntConverter):
    """A month, or a day of one; no title of a meeting is two digits alone in its address."""

    regex = "[0-9]{2}"

    def to_url(self, value: int | str) -> str:
        return f"{value:0>2}"


register_converter(YearConverter, "year")
register_converter(TwoDigitConverter, "two")

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("meetings/", views.MeetingListView.as_view(), name="meeting-list"),
    path("meetings/<year:year>/", views.PeriodView.as_view(), name="meeting-year"),
    path("meetings/<year:year>/<two:month>/", views.PeriodView.as_view(), name="meeting-month"),
    path("meetings/<year:year>/<two:month>/<two:day>/", views.PeriodView.as_view(), name="meeting-day"),
    path("meetings/on-this-day/", views.TodayView.as_view(), name="meeting-on-this-day"),
    path("meetings/on-this-day/<two:month>-<two:day>/", views.OnThisDayView.as_view(), name="meeting-on-day"),
    path(
        "meetings/by/<str:facet>/",
        views.FacetView.as_view(of=views.MeetingListView),
        name="meeting-facet",
    ),
    path("meetings/<int:pk>/", views.MeetingDetailView.as_view(), name="meeting"),
    path("meetings/<int:pk>/<str:slug>/", views.MeetingDetailView.as_view(), name="meeting-detail"),
    path("participants/", views.ParticipantListView.as_view(), name="participant-list"),
    path(
        "participants/by/<str:facet>/",
        views.FacetView.as_view(of=views.ParticipantListView),
        name="participant-facet",
    ),
    path("participants/<int:pk>/", views.ParticipantDetailView.as_view(), name="participant"),
    path(
        "participants/<int:pk>/<str:slug>/", views.ParticipantDetailView.as_view(), name="participant-detail"
    ),
    path("quotations/", views.QuotationListView.as_view(), name="quotation-list"),
    path(
        "quotations/by/<str:facet>/",
        views.FacetView.as_view(of=views.QuotationListView),
        name="quotation-facet",
    ),
    path("quotations/<int:pk>/", views.QuotationDetailView.as_view(), name="quotation"),
    path("quotations/<int:pk>/<str:slug>/", views.QuotationDetailView.as_view(), name="quotation-detail"),
    path("articles/", views.ArticleListView.as_view(), name="article-list"),
    path(
        "articles/by/<str:facet>/",
        views.FacetView.as_view(of=views.ArticleListView),
        name="article-facet",
    ),
    path("articles/<int:pk>/", views.ArticleDetailView.as_view(), name="article"),
    path("articles/<int:pk>/<str:slug>/", views.ArticleDetailView.as_view(), name="article-detail"),
    path("places/", views.PlaceListView.as_view(), name="place-list"),
    path(
        "places/by/<str:facet>/",
        views.FacetView.as_view(of=views.PlaceListView),
        name="place-facet",
    ),
    path("places/<int:pk>/", views.PlaceDetailView.as_view(), name="place"),
    path("places/<int:pk>/<str:slug>/", views.PlaceDetailView.as_view(), name="place-detail"),
    path("agreements/", views.AgreementListView.as_view(), name="agreement-list"),
    path(
        "agreements/by/<str:facet>/",
        views.FacetView.as_view(of=views.AgreementListView),
        name="agreement-facet",
    ),
    path("agreements/<int:pk>/", views.AgreementDetailView.as_view(), name="agreement"),
    path("agreements/<int:pk>/<str:slug>/", views.AgreementDetailView.as_view(), name="agreement-detail"),
    path("topics/", views.TopicListView.as_view(), name="topic-list"),
    path("topics/<int:pk>/", views.TopicDetailView.as_view(), name="topic"),
    path("topics/<int:pk>/<str:slug>/", views.TopicDetailView.as_view(), name="topic-detail"),
    path("robots.txt", views.RobotsView.as_view(), name="robots"),
    path("suggest/", views.SuggestView.as_view(), name="suggest"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("about/", views.AboutView.as_view(), name="about"),
    path("about/search/", views.AboutSearchView.as_view(), name="about-search"),
    path("about/names/", views.NamesView.as_view(), name="about-names"),
]
