"""The editors' desk: the Django admin, a file a noun."""

from django.contrib import admin

from events.admin import agreement, article, meeting, participant, people, place, quotation, snapshot, topic
from events.admin.desk import Desk

__all__ = [
    "agreement",
    "article",
    "meeting",
    "participant",
    "people",
    "place",
    "quotation",
    "snapshot",
    "topic",
]

# Not by AdminConfig.default_site: that imports this package while it is being imported.
admin.site.__class__ = Desk
