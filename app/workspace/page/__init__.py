"""A browser page in which anybody can act as any of the people of the local workspace."""

from app.workspace.page.routes import add_page

__all__ = ["add_page"]
