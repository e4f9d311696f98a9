"""A tokenizer's chat template, run by jinja2 as transformers runs it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import numpy as np

from tokenry.errors import ShardError
from tokenry.extras import require
from tokenry.spans import Spans
from tokenry.text.config import USES
from tokenry.tokenizer import Tokenizer

# Specials that stand in messages are hidden as one character of the last private plane each, which
# neither templates nor published texts use.
_FIRST_HIDDEN: Final = 0x10F000


@dataclass(frozen=True)
class ChatTemplate:
    """A template with the specials of its tokenizer.

    Attributes:
        source: Jinja.
        names: of specials by their use, as ``bos_token``.
        specials: all specials, longest first.
    """

    source: str
    names: tuple[tuple[str, str], ...]
    specials: tuple[str, ...]

    @classmethod
    def of(cls, tokenizer: Tokenizer) -> ChatTemplate:
        """That of a tokenizer.

        Raises:
            ShardError: it has none.
        """
        config = tokenizer.pipeline.config
        if config.chat_template is None:
            raise ShardError(
                "the tokenizer has no chat template; give it one with "
                "tokenizer.configured(chat_template=...)"
            )
        uses = ((use, config.token(use)) for use in USES.values())
        names = tuple((use, name) for use, name in uses if name is not None)
        specials = sorted(tokenizer.pipeline.specials(), key=len, reverse=True)
        return cls(config.chat_template, names, tuple(specials))

    def render(self, messages: list[Any], *, prompt: bool = False) -> str:
        """One text; with ``prompt`` ending in what asks for the assistant's turn.

        Raises:
            ShardError: the template refuses the messages.
        """
        try:
            text: str = _compiled(self.source).render(
                messages=messages, add_generation_prompt=prompt, **dict(self.names)
            )
        except require("jinja2", "neural", "chat templates").TemplateError as error:
            raise ShardError(f"the chat template refuses a conversation: {error}") from None
        return text

    def turns(self, messages: list[Any], text: str, role: str) -> list[tuple[int, int]]:
        """Where the turns of a role stand in ``text``, which `render` made of all messages.

        Raises:
            ShardError: the template says earlier messages otherwise once there are later ones.
        """
        found = []
        for number, message in enumerate(messages):
            if message.get("role") != role:
                continue
            before = self.render(messages[:number], prompt=True)
            until = self.render(messages[: number + 1])
            if not text.startswith(before) or not text.startswith(until.rstrip()):
                raise ShardError(
                    "the chat template changes earlier messages when later ones come, so that "
                    "turns cannot be told apart; give conversations of one turn"
                )
            found.append((len(before), min(len(until), len(text))))
        return found

    def hide(self, value: Any) -> Any:
        """Messages with the specials in them replaced, each by a character of its own."""
        if isinstance(value, str):
            return self._pattern().sub(lambda found: self._hidden(found[0]), value)
        if isinstance(value, dict):
            return {key: self.hide(each) for key, each in value.items()}
        return [self.hide(each) for each in value] if isinstance(value, list) else value

    def hides(self, text: str) -> bool:
        """Whether a rendered text has hidden specials."""
        return any(self._hidden(special) in text for special in self.specials)

    def show(self, text: str) -> str:
        """Text with the hidden specials written out."""
        for special in self.specials:
            text = text.replace(self._hidden(special), special)
        return text

    def stretches(self, text: str) -> Iterator[tuple[int, str, bool]]:
        """Where each stretch begins, what it is, and whether it is a special of the template."""
        place = 0
        for found in self._pattern().finditer(text):
            if found.start() > place:
                yield place, text[place : found.start()], False
            yield found.start(), found[0], True
            place = found.end()
        if place < len(text):
            yield place, text[place:], False

    def hidden_offsets(self, stretch: str, spans: Spans) -> Spans:
        """Spans of characters of ``show(stretch)`` as spans of ``stretch``."""
        sizes = [len(self.show(character)) for character in stretch]
        ends = np.cumsum([0, *sizes])
        begins = np.searchsorted(ends, spans[:, 0], side="right") - 1
        return np.stack([begins, np.searchsorted(ends, spans[:, 1])], axis=1)

    def _hidden(self, special: str) -> str:
        return chr(_FIRST_HIDDEN + self.specials.index(special))

    def _pattern(self) -> re.Pattern[str]:
        return _any_of(self.specials)


@lru_cache(maxsize=8)
def _any_of(texts: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, texts)) or r"(?!)")


@lru_cache(maxsize=8)
def _compiled(source: str) -> Any:
    sandbox = require("jinja2.sandbox", "neural", "chat templates")
    environment = sandbox.ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.filters["tojson"] = _tojson
    environment.globals["raise_exception"] = _refuse
    return environment.from_string(source)


def _tojson(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _refuse(message: str) -> None:
    raise require("jinja2", "neural", "chat templates").TemplateError(message)
