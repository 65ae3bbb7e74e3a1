"""The editors' desk: the stock Django admin, a file a noun."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from events.admin import agreement, article, meeting, participant, place, quotation, topic

__all__ = ["agreement", "article", "meeting", "participant", "place", "quotation", "topic"]

admin.site.site_header = _("South Caucasus Diplomatic Archive: the desk")
admin.site.site_title = _("The desk")
admin.site.index_title = _("Records")
