"""Which encoding a model of OpenAI reads."""

from __future__ import annotations

from typing import Final

from tokenry.arguments import checked
from tokenry.tiktoken.core import Encoding
from tokenry.tiktoken.registry import get_encoding

_OLD_SIZES: Final = "davinci curie babbage ada"
# By encoding: models by their full names.
_MODELS: Final = {
    "o200k_base": "o1 o3 o4-mini gpt-5 gpt-4.1 gpt-4o",
    "cl100k_base": "gpt-4 gpt-3.5-turbo gpt-3.5 gpt-35-turbo davinci-002 babbage-002 "
    "text-embedding-ada-002 text-embedding-3-small text-embedding-3-large",
    "p50k_base": "text-davinci-003 text-davinci-002 code-davinci-002 code-davinci-001 "
    "code-cushman-002 code-cushman-001 davinci-codex cushman-codex",
    "p50k_edit": "text-davinci-edit-001 code-davinci-edit-001",
    "r50k_base": " ".join(
        [
            _OLD_SIZES,
            *(f"text-{size}-001 text-similarity-{size}-001" for size in _OLD_SIZES.split()),
            *(f"text-search-{size}-doc-001" for size in _OLD_SIZES.split()),
            "code-search-babbage-code-001 code-search-ada-code-001",
        ]
    ),
    "gpt2": "gpt2 gpt-2",
}
# By encoding: beginnings of the names of dated and fine-tuned models.
_PREFIXES: Final = {
    "o200k_base": "o1- o3- o4-mini- gpt-5 gpt-4.5- gpt-4.1- chatgpt-4o- gpt-4o- ft:gpt-4o",
    "cl100k_base": "gpt-4- gpt-3.5-turbo- gpt-35-turbo- ft:gpt-4 ft:gpt-3.5-turbo ft:davinci-002 "
    "ft:babbage-002",
    "o200k_harmony": "gpt-oss-",
}
MODEL_TO_ENCODING: Final[dict[str, str]] = {
    model: name for name, models in _MODELS.items() for model in models.split()
}
MODEL_PREFIX_TO_ENCODING: Final[dict[str, str]] = {
    prefix: name for name, prefixes in _PREFIXES.items() for prefix in prefixes.split()
}


@checked
def encoding_name_for_model(model_name: str) -> str:
    """The name of the encoding of a model.

    Raises:
        KeyError: no such model is known.
    """
    if model_name in MODEL_TO_ENCODING:
        return MODEL_TO_ENCODING[model_name]
    for prefix, name in MODEL_PREFIX_TO_ENCODING.items():
        if model_name.startswith(prefix):
            return name
    raise KeyError(
        f"no encoding is known for the model {model_name!r}; call get_encoding with the name of "
        "the encoding that you expect"
    )


@checked
def encoding_for_model(model_name: str) -> Encoding:
    """The encoding of a model.

    Raises:
        KeyError: no such model is known.
        FormatError: its file is not found; see `tokenry.tiktoken.get_encoding`.
    """
    return get_encoding(encoding_name_for_model(model_name))
