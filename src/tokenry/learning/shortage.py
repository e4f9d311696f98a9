"""Saying that a vocabulary came out smaller than was asked for."""

from __future__ import annotations

import sys
import warnings

from tokenry.errors import SmallerVocabularyWarning


def warn_if_smaller(found: int, wanted: int | None, why: str) -> None:
    """Warn the caller of tokenry where there are fewer ids than were asked for.

    Args:
        found: ids that there are.
        wanted: that were asked for; None for any number.
        why: what is missing, and what to do.
    """
    if wanted is not None and found < wanted:
        warnings.warn(
            f"the vocabulary has {found} pieces of the {wanted} that were asked for: {why}",
            SmallerVocabularyWarning,
            stacklevel=callers_level(),
        )


def callers_level() -> int:
    """The ``stacklevel`` of a warning that points at the first caller outside this package."""
    level, frame = 1, sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").partition(".")[0] == "tokenry":
        level, frame = level + 1, frame.f_back
    return level
