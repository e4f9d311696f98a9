"""What a model's repository says beside its tokenizer: chat template, uses of specials, limits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tokenry.errors import FormatError

# What `configured` names, as a tokenizer_config.json does.
USES: Final = {
    "bos": "bos_token",
    "eos": "eos_token",
    "pad": "pad_token",
    "unk": "unk_token",
    "cls": "cls_token",
    "sep": "sep_token",
    "mask": "mask_token",
}


@dataclass(frozen=True, slots=True)
class TokenizerConfig:
    """The content of a ``tokenizer_config.json``; it decides no id, and no fingerprint has it.

    Attributes:
        text: the content as JSON, so that nobody can change it; "" where nothing is known.
    """

    text: str = ""

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> TokenizerConfig:
        """The configuration that says this."""
        return cls(json.dumps(dict(values), ensure_ascii=False) if values else "")

    @classmethod
    def read(cls, data: bytes, what: str) -> TokenizerConfig:
        """Read a file.

        Raises:
            FormatError: it is no JSON object.
        """
        try:
            values = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise FormatError(f"{what} is not JSON ({error})") from None
        if not isinstance(values, dict):
            raise FormatError(f"{what}: expected an object, found {type(values).__name__}")
        return cls.of(values)

    def __bool__(self) -> bool:
        return bool(self.text)

    @property
    def values(self) -> dict[str, Any]:
        """All of it, as plain data of the caller's own."""
        values: dict[str, Any] = json.loads(self.text) if self.text else {}
        return values

    def changed(self, **values: Any) -> TokenizerConfig:
        """The same with other values."""
        return TokenizerConfig.of({**self.values, **values})

    def token(self, use: str) -> str | None:
        """The special of a use, such as ``"pad_token"``; None where none is named."""
        return content_of(self.values.get(use))

    @property
    def bos(self) -> str | None:
        """The special that begins a sequence."""
        return self.token("bos_token")

    @property
    def eos(self) -> str | None:
        """The special that ends one."""
        return self.token("eos_token")

    @property
    def pad(self) -> str | None:
        """The special that fills a batch."""
        return self.token("pad_token")

    @property
    def chat_template(self) -> str | None:
        """The Jinja template that makes one text of a conversation; None where there are more."""
        template = self.values.get("chat_template")
        return template if isinstance(template, str) else None

    def renamed(self, names: Mapping[str, str]) -> TokenizerConfig:
        """The same where specials have other names: as values, and inside of chat templates."""
        return TokenizerConfig.of(_renamed(self.values, names)) if self else self


def content_of(value: object) -> str | None:
    """The text of a special as files write it: a string, or an object with its content."""
    if isinstance(value, Mapping):
        value = value.get("content")
    return value if isinstance(value, str) else None


def _renamed(value: Any, names: Mapping[str, str], key: str = "") -> Any:
    if isinstance(value, dict):
        return {each: _renamed(found, names, each) for each, found in value.items()}
    if isinstance(value, list):
        return [_renamed(each, names, key) for each in value]
    if not isinstance(value, str):
        return value
    if key in ("chat_template", "template"):
        for old, new in names.items():
            value = value.replace(old, new)
        return value
    return names.get(value, value)
