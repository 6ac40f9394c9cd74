"""Serve the form, the pages and the REST endpoints over HTTP.

`create_app` is loaded when it is first used, so that the command can load the model meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from web.app import create_app
else:
    def __getattr__(name: str) -> object:
        """Load the public name (PEP 562); raise AttributeError for any other."""
        if name != "create_app":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from web.app import create_app

        return create_app


__all__ = ["create_app"]
