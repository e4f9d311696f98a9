"""What a reader of a file should tell: as warnings, and kept with the tokenizer."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

from tokenry.errors import FileWarning

KEY = "warnings"
MOST = 8  # shown; a file may repeat one fault for every token


def told(notes: Sequence[str], what: str) -> dict[str, str]:
    """Warn of what was found in a file; the metadata that says it again in `tokenry inspect`."""
    if not notes:
        return {}
    more = [f"and {len(notes) - MOST} more"] if len(notes) > MOST else []
    text = "; ".join([*notes[:MOST], *more])
    warnings.warn(f"{what}: {text}", FileWarning, stacklevel=2)
    return {KEY: text}
