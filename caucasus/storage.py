from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Static files under names that carry a digest, with .br and .gz beside them; imports between our ES modules too."""

    support_js_module_import_aggregation = True
