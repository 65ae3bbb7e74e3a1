from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage

IMPORTS: Any = CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files under names that carry a digest, with .br and .gz beside them; imports between our ES modules too."""

    support_js_module_import_aggregation = True
    # Only there: an extension of htmx speaks of an import in a comment, of a file that there is not.
    _js_module_import_aggregation_patterns = ("js/*.js", IMPORTS[1])
