"""What a learner asks of its special tokens."""

from __future__ import annotations

from tokenry.errors import LearnError
from tokenry.text.parts import AddedToken


def check_special_tokens(special_tokens: tuple[str, ...]) -> None:
    """Raise `LearnError` where a special token is empty or named twice."""
    if len(set(special_tokens)) != len(special_tokens):
        raise LearnError(f"special_tokens {special_tokens} names one twice")
    if "" in special_tokens:
        raise LearnError("a special token is empty; give it a text such as '<|endoftext|>'")


def check_room(vocab_size: int, special_tokens: tuple[str, ...], alphabet: int, what: str) -> None:
    """Raise `LearnError` where specials and alphabet alone are more than ``vocab_size`` ids."""
    needed = len(special_tokens) + alphabet
    if vocab_size < needed:
        raise LearnError(
            f"vocab_size {vocab_size} has no room: {len(special_tokens)} special tokens and "
            f"{what} take {needed} ids; ask for more"
        )


def added_tokens(special_tokens: tuple[str, ...]) -> list[AddedToken]:
    """Specials as ids from 0 on."""
    return [AddedToken(text, id_) for id_, text in enumerate(special_tokens)]
