from django.contrib.staticfiles.apps import StaticFilesConfig
from whitenoise.storage import CompressedManifestStaticFilesStorage


class ArchiveStaticFilesConfig(StaticFilesConfig):
    """Leaves out the extensions of htmx, which no page uses: their imports have no file for the storage below to find."""

    ignore_patterns = [*StaticFilesConfig.ignore_patterns, "django_htmx/ext/*"]


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files under names that carry a digest, with .br and .gz beside them; imports between our ES modules too."""

    support_js_module_import_aggregation = True
