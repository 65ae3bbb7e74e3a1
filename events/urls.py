"""The addresses of the public archive, as a site map. None of them ever dies: see docs/architecture.md."""

from django.urls import path

from events import views

app_name = "events"

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("meetings/", views.MeetingListView.as_view(), name="meeting-list"),
    path("meetings/<int:pk>/", views.MeetingDetailView.as_view(), name="meeting"),
    path("meetings/<int:pk>/<str:slug>/", views.MeetingDetailView.as_view(), name="meeting-detail"),
    path("participants/", views.ParticipantListView.as_view(), name="participant-list"),
    path("participants/<int:pk>/", views.ParticipantDetailView.as_view(), name="participant"),
    path(
        "participants/<int:pk>/<str:slug>/", views.ParticipantDetailView.as_view(), name="participant-detail"
    ),
    path("quotations/", views.QuotationListView.as_view(), name="quotation-list"),
    path("quotations/<int:pk>/", views.QuotationDetailView.as_view(), name="quotation"),
    path("quotations/<int:pk>/<str:slug>/", views.QuotationDetailView.as_view(), name="quotation-detail"),
    path("articles/", views.ArticleListView.as_view(), name="article-list"),
    path("articles/<int:pk>/", views.ArticleDetailView.as_view(), name="article"),
    path("articles/<int:pk>/<str:slug>/", views.ArticleDetailView.as_view(), name="article-detail"),
    path("places/", views.PlaceListView.as_view(), name="place-list"),
    path("places/<int:pk>/", views.PlaceDetailView.as_view(), name="place"),
    path("places/<int:pk>/<str:slug>/", views.PlaceDetailView.as_view(), name="place-detail"),
    path("agreements/", views.AgreementListView.as_view(), name="agreement-list"),
    path("agreements/<int:pk>/", views.AgreementDetailView.as_view(), name="agreement"),
    path("agreements/<int:pk>/<str:slug>/", views.AgreementDetailView.as_view(), name="agreement-detail"),
    path("topics/", views.TopicListView.as_view(), name="topic-list"),
    path("topics/<int:pk>/", views.TopicDetailView.as_view(), name="topic"),
    path("topics/<int:pk>/<str:slug>/", views.TopicDetailView.as_view(), name="topic-detail"),
    path("search/", views.SearchView.as_view(), name="search"),
    path("about/", views.AboutView.as_view(), name="about"),
    path("about/search/", views.AboutSearchView.as_view(), name="about-search"),
    path("about/names/", views.NamesView.as_view(), name="about-names"),
]
