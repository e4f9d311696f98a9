"""``python -m experiments``."""

from __future__ import annotations

from experiments.command import app

app(prog_name="python -m experiments")
