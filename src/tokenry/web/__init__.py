"""The playground: what tokenizers do to a text, in a browser; drawn by the server, no framework."""

from __future__ import annotations

from tokenry.web.app import create_app
from tokenry.web.limits import Limits
from tokenry.web.shelf import Shelf

__all__ = ["Limits", "Shelf", "create_app"]
