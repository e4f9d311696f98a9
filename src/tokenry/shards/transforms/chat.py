"""Conversations through the tokenizer's chat template, with a loss on what the assistant says.

A document is a list of messages, objects with ``role`` and ``content``, or an object that has one
under ``messages``. The template makes one text of it, whose specials are the template's alone: a
special that someone wrote in a message stays text. The channel ``loss`` is 1 for ids of the
assistant's turns, from behind what asks for the turn to the end of it, and 0 elsewhere.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from tokenry.errors import ShardError
from tokenry.shards.transforms.chat_template import ChatTemplate
from tokenry.shards.transforms.contract import EncodedDocuments
from tokenry.spans import Spans, character_offsets
from tokenry.text.ragged import Ids, Ragged
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True, kw_only=True)
class Chat:
    """Options of the transform.

    Attributes:
        role: whose turns have a loss.
    """

    takes_records: ClassVar[bool] = True
    channels: ClassVar[tuple[str, ...]] = ("loss",)
    role: str = "assistant"

    def encode(self, tokenizer: Tokenizer, texts: list[bytes]) -> EncodedDocuments:
        """Ids and loss of documents.

        Raises:
            ShardError: the tokenizer has no template, or a document is no conversation.
        """
        template = ChatTemplate.of(tokenizer)
        rows, losses = [], []
        for text in texts:
            ids, loss = self._one(tokenizer, template, _messages(text))
            rows.append(ids)
            losses.append(loss)
        return EncodedDocuments(Ragged.of(rows), {"loss": np.concatenate(losses)})

    def decode(self, tokenizer: Tokenizer, ids: Ids) -> bytes | None:
        """None: a template says more and less than the messages."""
        return None

    def _one(
        self, tokenizer: Tokenizer, template: ChatTemplate, messages: list[Any]
    ) -> tuple[Ids, NDArray[np.uint8]]:
        hidden = template.hide(messages)
        text = template.render(hidden)
        turns = template.turns(hidden, text, self.role)
        ids, spans = _encoded(tokenizer, template, text)
        loss = np.zeros(len(ids), np.uint8)
        for begin, end in turns:
            loss[(spans[:, 0] >= begin) & (spans[:, 0] < end)] = 1
        return ids, loss


def _encoded(tokenizer: Tokenizer, template: ChatTemplate, text: str) -> tuple[Ids, Spans]:
    """Ids and spans in characters of the text that was rendered."""
    if not template.hides(text):
        return tokenizer.encode_with_spans(text, allowed_special="all", offsets="char")
    ids: list[Ids] = []
    spans: list[Spans] = []
    for begin, stretch, special in template.stretches(text):
        if special:
            ids.append(np.array([tokenizer.encode_single_token(stretch)], np.uint32))
            spans.append(np.array([[begin, begin + len(stretch)]]))
            continue
        shown = template.show(stretch)
        part, places = tokenizer.encode_with_spans(shown)
        ids.append(part)
        spans.append(template.hidden_offsets(stretch, character_offsets(shown, places)) + begin)
    return np.concatenate(ids), np.concatenate(spans)


def _messages(text: bytes) -> list[Any]:
    found = json.loads(text)
    if isinstance(found, dict):
        found = found.get("messages")
    if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
        raise ShardError(
            f"{text[:60]!r} is no conversation; expected a list of objects with role and content; "
            "name the field that has them with field="
        )
    return found
