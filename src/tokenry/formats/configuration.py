"""What stands beside a tokenizer in a model's repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tokenry.text.config import TokenizerConfig


def read_config(beside: Callable[[str], bytes | None]) -> TokenizerConfig:
    """What stands beside a tokenizer: configuration, map of specials and chat template.

    Args:
        beside: the content of a file of the same folder by its name, None where there is none.

    Raises:
        FormatError: one of them is no JSON object.
    """
    values: dict[str, Any] = {}
    for name in ("special_tokens_map.json", "tokenizer_config.json"):
        data = beside(name)
        if data is not None:
            values |= TokenizerConfig.read(data, name).values
    template = beside("chat_template.jinja")
    if template is not None:
        values["chat_template"] = template.decode("utf-8", "replace")
    return TokenizerConfig.of(values)
