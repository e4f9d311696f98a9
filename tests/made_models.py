"""Where `make models` wrote real models."""

from __future__ import annotations

import os
from pathlib import Path

MODELS = Path(os.environ.get("TOKENRY_MODELS") or Path(__file__).parents[1] / "build" / "models")
