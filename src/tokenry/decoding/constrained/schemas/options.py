"""What can be asked for beside a schema, by the names that llguidance has for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any, Final

from tokenry.errors import ConstraintError

KEY: Final = "x-guidance"
"""The keyword of a schema that has options."""


@dataclass(frozen=True)
class SchemaOptions:
    """How JSON is written, and what is done about keywords that no grammar can say.

    Attributes:
        whitespace_flexible: white space may stand wherever JSON allows it inside of the text.
        item_separator: an expression for the comma.
        key_separator: an expression for the colon.
        coerce_one_of: ``oneOf`` is read as ``anyOf``.
        lenient: keywords and formats that are not read are left out; so is what ``coerce_one_of``
            does.
    """

    whitespace_flexible: bool = True
    item_separator: str = ","
    key_separator: str = ":"
    coerce_one_of: bool = False
    lenient: bool = False

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> SchemaOptions:
        """Options by name.

        Raises:
            ConstraintError: one is not known here.
        """
        known = [each.name for each in fields(cls)]
        for name in given:
            if name not in known:
                raise ConstraintError(
                    f"the option {name!r} is not known here; expected one of {', '.join(known)}, "
                    "or install llguidance (pip install 'tokenry[constrained]')"
                )
        return cls(**given)
