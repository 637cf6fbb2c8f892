"""Static files with names that change with their content; modules import each other by their plain names."""

from __future__ import annotations

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage; a name that is not in the manifest is served under its plain name."""

    manifest_strict = False
