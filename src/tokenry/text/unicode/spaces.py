"""White space, for the inside of a set of a pattern."""

from __future__ import annotations

from typing import Final

SPACE: Final = "\t-\r \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
"""That of Unicode."""
PYTHON_SPACE: Final = SPACE + "\x1c-\x1f"
"""That of the module re and of ``str.split``, which have four control characters more."""
