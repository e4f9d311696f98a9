"""Giving tokenizers of transformers our speed, one of them or all that are made from now on."""

from __future__ import annotations

import functools
from typing import Any

from tokenry.compat.huggingface.shadow import Shadow
from tokenry.extras import importing

_ORIGINAL = "_tokenry_original"


def accelerate(tokenizer: Any) -> Any:
    """Let a tokenizer of transformers or of tokenizers encode through tokenry.

    It stays the object that it is and gives what it gave; only texts take less time. What we do
    not do is done by itself. Nothing is read before the first call that gains by it.

    Args:
        tokenizer: a ``PreTrainedTokenizerFast`` (``TokenizersBackend``) or a
            ``tokenizers.Tokenizer``.

    Returns:
        The same object.

    Raises:
        TypeError: it is neither; a tokenizer in Python has nothing that could be made faster.
    """
    with importing("neural", "accelerate()"):
        from tokenizers import Tokenizer
    theirs = getattr(tokenizer, "backend_tokenizer", tokenizer)
    if not isinstance(theirs, Tokenizer):
        raise TypeError(
            "accelerate takes a tokenizers.Tokenizer or a tokenizer of transformers that has one "
            f"(is_fast), not {type(tokenizer).__name__}"
        )
    if not isinstance(getattr(theirs.__dict__.get("encode"), "__self__", None), Shadow):
        Shadow(theirs)
    return tokenizer


def patch_transformers() -> None:
    """Accelerate every fast tokenizer that transformers makes from now on; see `accelerate`.

    Raises:
        MissingExtraError: transformers is not installed.
    """
    kind = _fast_class()
    if _ORIGINAL in kind.__dict__:
        return
    original = kind.__init__

    @functools.wraps(original)
    def __init__(self: Any, *args: Any, **kwargs: Any) -> None:  # noqa: N807
        original(self, *args, **kwargs)
        accelerate(self)

    setattr(kind, _ORIGINAL, original)
    kind.__init__ = __init__


def unpatch_transformers() -> None:
    """Undo `patch_transformers`; tokenizers that were made meanwhile stay as they are."""
    kind = _fast_class()
    if _ORIGINAL in kind.__dict__:
        kind.__init__ = kind.__dict__[_ORIGINAL]
        delattr(kind, _ORIGINAL)


def _fast_class() -> Any:
    with importing("neural", "patch_transformers()"):
        from transformers import PreTrainedTokenizerFast
    return PreTrainedTokenizerFast
