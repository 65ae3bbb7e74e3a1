"""Which database is asked where SQL is written by hand; queries of models are sent by Django's routers themselves."""

from typing import Any

from django.apps import apps
from django.db import connections, router


def to_read() -> Any:
    """The connection for reading the archive: that of a replica for strangers where there is one (events/reading/replicas.py)."""
    return connections[router.db_for_read(apps.get_model("events", "Meeting"))]
