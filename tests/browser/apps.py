"""The addresses of the app's pages."""

from __future__ import annotations

from connectivity.views import contents


def addresses() -> dict[str, str]:
    """Give the title of every page by its address."""
    return {f"/{one.address}": one.title for one in contents.entries()}
