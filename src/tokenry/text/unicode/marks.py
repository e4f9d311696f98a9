"""Text without the marks on its characters."""

from __future__ import annotations

import unicodedata


def without_marks(text: str) -> str:
    """Form NFD without what is of the category Mn, by this interpreter's Unicode."""
    split = unicodedata.normalize("NFD", text)
    return "".join(each for each in split if unicodedata.category(each) != "Mn")
