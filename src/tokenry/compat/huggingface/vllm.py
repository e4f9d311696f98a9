"""A tokenizer mode for vLLM: its Hugging Face tokenizer, accelerated.

vLLM calls `register` in every process of its own, by the entry point ``vllm.general_plugins``.
"""

from __future__ import annotations

import os
from typing import Any

from tokenry.compat.huggingface.accelerate import accelerate, patch_transformers

MODE = "tokenry"
# The usual modes of vLLM, too, where this is "all".
SETTING = "TOKENRY_VLLM"


def register() -> None:
    """Make the mode known to vLLM; one that has no registry of tokenizers is left as it is."""
    try:
        from vllm.tokenizers import TokenizerRegistry
    except ImportError:
        return
    # A second registration makes vLLM warn, and a process may load plugins twice.
    if MODE not in getattr(TokenizerRegistry, "tokenizers", ()):
        TokenizerRegistry.register(MODE, __name__, TokenryTokenizer.__name__)
    if os.environ.get(SETTING) == "all":
        patch_transformers()


class TokenryTokenizer:
    """What vLLM loads in the mode ``tokenry``."""

    @classmethod
    def from_pretrained(cls, path_or_repo_id: Any, *args: Any, **kwargs: Any) -> Any:
        """What the mode ``hf`` loads, accelerated where it is a fast tokenizer."""
        from vllm.tokenizers import TokenizerRegistry

        loaded = TokenizerRegistry.load_tokenizer("hf", path_or_repo_id, *args, **kwargs)
        return accelerate(loaded) if loaded.is_fast else loaded
