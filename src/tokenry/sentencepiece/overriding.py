"""Changes to the normalizer of a model that users may make."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tokenry.errors import UnsupportedError
from tokenry.formats.sentencepiece_proto import NormalizerSpec
from tokenry.sentencepiece import rules

RULES: dict[str, Callable[[Any], bytes]] = {
    "name": rules.named,
    "normalization_rule_tsv": rules.from_tsv,
}
SWITCHES = ("add_dummy_prefix", "escape_whitespaces", "remove_extra_whitespaces")
YES, NO = ("true", "1", "t", "yes", "y"), ("false", "0", "f", "no", "n")


def overridden(spec: NormalizerSpec, fields: Mapping[str, Any]) -> NormalizerSpec:
    """The same with other values; ``"true"`` and ``"false"`` are values, too.

    Rules are changed by ``name`` or by ``normalization_rule_tsv``, a file of them.

    Raises:
        UnsupportedError: a field that cannot be changed, or a value that is none.
        FormatError: the file of rules has a line that is none.
    """
    changes: dict[str, Any] = {}
    for name, value in fields.items():
        if name in RULES:
            changes["precompiled_charsmap"] = RULES[name](value)
            changes["name"] = value if name == "name" else "user_defined"
            continue
        if name not in SWITCHES:
            known = ", ".join((*SWITCHES, *RULES))
            raise UnsupportedError(f"{name!r} of the normalizer cannot be overridden; {known} can")
        word = str(value).lower()
        if word not in YES + NO:
            raise UnsupportedError(f"{name} is {value!r}; it is True or False")
        changes[name] = word in YES
    return replace(spec, **changes)
