"""Serve the form, the pages and the REST endpoints over HTTP."""

from web.app import create_app

__all__ = ["create_app"]
