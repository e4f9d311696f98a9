"""All commands in one application."""

from __future__ import annotations

from tokenry.cli.commands import build

app = build()
