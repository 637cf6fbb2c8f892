"""Static files with names that change with their content; modules import each other by their plain names."""

from __future__ import annotations

from typing import Any

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ManifestStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage; a name that is not in the manifest is served under its plain name.

    Source maps are not shipped, so their addresses are left alone. gzip only: brotli would take longer at the first
    start than it saves on pages this small.
    """

    manifest_strict = False
    patterns = tuple(
        (names, tuple(pattern for pattern in patterns if "sourceMappingURL" not in str(pattern)))
        for names, patterns in CompressedManifestStaticFilesStorage.patterns
    )

    def create_compressor(self, **options: Any) -> Any:
        return super().create_compressor(**options, use_brotli=False)
