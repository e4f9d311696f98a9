"""Another number policy for a tokenizer that stands; ids and pieces stay."""

from __future__ import annotations

from dataclasses import replace

from tokenry.errors import UnsupportedError
from tokenry.text.pretokenizers.number_policies import NumberPolicy
from tokenry.text.pretokenizers.numbered import numbered
from tokenry.tokenizer import Tokenizer


def with_numbers(tokenizer: Tokenizer, policy: NumberPolicy | str) -> Tokenizer:
    """The tokenizer with another number policy; ids, pieces and all other text stay.

    Any such tokenizer encodes every number; where the vocabulary has no piece for a group (see
    `missing_groups`), the group becomes several ids. Pieces with digits that the policy cuts
    (``2024`` of a vocabulary with years, `` 123`` of GPT-2) are made no more.

    Args:
        tokenizer: not WordPiece, whose pieces know where words begin.
        policy: or its name.

    Raises:
        UnsupportedError: the tokenizer is a WordPiece, or no policy has that name.
    """
    if tokenizer.segmenter.bare_words:
        raise UnsupportedError(
            f"{tokenizer} is a WordPiece: a group of digits within a word would become a word of "
            "its own and decode with a space; give a BPE or a Unigram"
        )
    chosen = NumberPolicy.named(policy) if isinstance(policy, str) else policy
    pretokenizer = numbered(tokenizer.pretokenizer, chosen)
    return Tokenizer.of(replace(tokenizer.pipeline, pretokenizer=pretokenizer))


def missing_groups(tokenizer: Tokenizer, group: int = 3) -> list[str]:
    """Strings of 1 to ``group`` ASCII digits that take more than one id as a pretoken."""
    groups = [f"{n:0{size}d}" for size in range(1, group + 1) for n in range(10**size)]
    lengths = tokenizer.encode_pretokens([each.encode() for each in groups]).lengths()
    return [each for each, length in zip(groups, lengths.tolist(), strict=True) if length > 1]
