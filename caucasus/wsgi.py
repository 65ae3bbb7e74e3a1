import os

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "caucasus.settings")
os.environ.setdefault("DATABASE_POOL_SIZE", "4")

if not settings.DATABASE_URL:
    raise ImproperlyConfigured(
        "DATABASE_URL is not set. Give one, for example DATABASE_URL=postgresql://archive:secret@db/archive,"
        " or start with `make run`, which brings its own."
    )
application = get_wsgi_application()
