"""What should we do first? For now one question of it: which services cannot go online-only, and where."""

from __future__ import annotations

from connectivity.views import service


def page() -> None:
    """Show the page."""
    service.show_test("first", title="What should we do first?")


if __name__ == "__main__":
    page()
