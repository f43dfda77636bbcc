"""How production names and compresses static files."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticFiles(CompressedManifestStaticFilesStorage):
    """Names with a fingerprint, also where one script imports another."""

    support_js_module_import_aggregation = True
