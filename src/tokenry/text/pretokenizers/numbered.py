"""A pretokenizer with another number policy, by the core where it knows the splitter."""

from __future__ import annotations

from tokenry.text.parts import Pretokenizer
from tokenry.text.pretokenizers.number_policies import NumberedPretokenizer, NumberPolicy
from tokenry.text.pretokenizers.split_patterns import NativePretokenizer


def numbered(pretokenizer: Pretokenizer, policy: NumberPolicy) -> Pretokenizer:
    """``pretokenizer`` with its numbers cut by ``policy``, whatever policy it had."""
    if pretokenizer.unnumbered is not None:
        return NumberedPretokenizer(pretokenizer.unnumbered, policy)
    if pretokenizer.native is not None:
        return NativePretokenizer(f"{pretokenizer.native.partition('+')[0]}+{policy.name}")
    return NumberedPretokenizer(pretokenizer, policy)
