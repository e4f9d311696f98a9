"""What stands beside a tokenizer in a model's repository."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from tokenry.errors import FormatError
from tokenry.text.config import TokenizerConfig

# Classes of transformers whose text is cut into words by other programs.
XLM, FLAUBERT, BIOGPT, FSMT = WORDS_OF_MOSES = (
    "XLMTokenizer", "FlaubertTokenizer", "BioGptTokenizer", "FSMTTokenizer",
)  # fmt: skip
BERT_JAPANESE: Final = "BertJapaneseTokenizer"
BLENDERBOT: Final = "BlenderbotSmallTokenizer"
# Those of kinds of models, where no file names the class.
_BY_MODEL: Final = {
    "xlm": XLM, "flaubert": FLAUBERT, "biogpt": BIOGPT, "fsmt": FSMT,
    "blenderbot-small": BLENDERBOT,
}  # fmt: skip


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


def class_name(beside: Callable[[str], bytes | None]) -> str | None:
    """The class of transformers that reads a folder, without ``Fast``; None where none is named.

    It is named by ``tokenizer_config.json``, else by the model's ``config.json``, or is that of the
    kind of model.

    Raises:
        FormatError: the first of them is no JSON object.
    """
    name = read_config(beside).values.get("tokenizer_class")
    if not name:
        model = _model_config(beside)
        name = model.get("tokenizer_class") or _BY_MODEL.get(str(model.get("model_type")))
    return name.removesuffix("Fast") if isinstance(name, str) else None


def _model_config(beside: Callable[[str], bytes | None]) -> dict[str, Any]:
    """The ``config.json``; none where another program's file has that name."""
    data = beside("config.json")
    try:
        return {} if data is None else TokenizerConfig.read(data, "config.json").values
    except FormatError:
        return {}
