"""Where the app manifest stands: beside the package in a checkout, inside it in an installation."""

from __future__ import annotations

from pathlib import Path


def manifest_file() -> Path:
    """The path of `manifest.yml`. Raises FileNotFoundError when the installation is broken."""
    package = Path(__file__).parent
    for candidate in (package / "manifest.yml", package.parent / "manifest.yml"):
        if candidate.is_file():
            return candidate
    raise FileNotFoundError("manifest.yml is missing from this installation: install it again")
