"""Conversations by a chat template whose marks no message can forge.

Source: Tan, Wang 2024, "1.5-Pints Technical Report: Pretraining in Days, Not Months",
arXiv:2408.03506: ChatML's marks, and one for padding, are ids of their own, so padding is never
taken for the end.

1. A file of JSON conversations becomes messages: a role and a content each.
2. A template (`TEMPLATES`) writes each as marks and text. A content that spells a mark is text.
3. The JSON around the messages stands aside, as far as it is not as usual.
4. Channels say whose turn an id is of, and which ids have a loss: contents of the assistant and the
   mark that ends each. `tokenry.domains.chat.spans` gives both as spans.

Text is cut as GPT-4o's tokenizer cuts it. The vocabulary is filled up to a multiple, as 1.5-Pints
fills Mistral's, by `tokenry.surgery.pad`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from tokenry.domains.chat.aside import pack_around, unpack_around
from tokenry.domains.chat.messages import conversations
from tokenry.domains.chat.spans import turns_of
from tokenry.domains.chat.templates import TEMPLATES
from tokenry.domains.chat.turns import Turns, marks_of
from tokenry.domains.chat.written import written_turns
from tokenry.domains.contract import Domain, Promise
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer

SPLITTER = "o200k"


@dataclass(frozen=True, kw_only=True)
class Conversational(Domain):
    """Options of the domain.

    Attributes:
        template: how turns are written: chatml, llama3, gemma, zephyr or mistral.
        loss: roles whose contents a model shall learn to write.
    """

    template: Literal["chatml", "llama3", "gemma", "zephyr", "mistral"] = "chatml"
    loss: tuple[str, ...] = ("assistant", "gpt", "model")

    name: ClassVar[str] = "chat"
    suffixes: ClassVar[tuple[str, ...]] = (".chat", ".messages")
    promise: ClassVar[Promise] = Promise(
        lossless="JSON or JSON lines with messages of a role and a content, with any other keys",
        dropped="nothing: what JSON writes otherwise stands aside",
        ids="marks for padding, for messages that the template does not know, and those of the "
        "template; roles and contents are bytes and pieces; turn and loss are channels",
    )

    @property
    def marks(self) -> tuple[str, ...]:
        """Padding, other messages, then those of the template."""
        return marks_of(TEMPLATES[self.template])

    @property
    def turns(self) -> Turns:
        """The template over the numbers of its marks."""
        return Turns(TEMPLATES[self.template])

    def recognises(self, data: bytes) -> bool:
        """Whether a message stands in its beginning."""
        try:
            return bool(conversations(data[: 1 << 16]).roles)
        except DomainError:
            return False

    def read(self, data: bytes) -> Parsed:
        """The messages of a file.

        Raises:
            DomainError: there is none, or a role has a new line.
        """
        found = conversations(data)
        written = written_turns(found, self.turns, {role.encode() for role in self.loss})
        parsed = Parsed(
            run=written.run,
            marks=written.marks,
            places=written.places,
            residue=pack_around(found),
            mark_channels=written.mark_channels(),
        )
        bounds = np.unique(np.concatenate([written.contents.reshape(-1), parsed.bounds()]))
        cuts = NativePretokenizer(SPLITTER).ends_within(parsed.run, bounds.astype(np.uint64))
        parsed = replace(parsed, cuts=cuts)
        begins = parsed.bounds()[:-1].view(np.int64)
        return replace(parsed, channels=written.channels(begins))

    def told_of(
        self, data: bytes, channels: Mapping[str, NDArray[np.int64]]
    ) -> dict[str, list[dict[str, Any]]]:
        """The turns of a file: roles, and spans of ids, of those with a loss, and of bytes."""
        return {"turns": [asdict(turn) for turn in turns_of(data, channels)]}

    def write(self, parsed: Parsed) -> bytes:
        """The file again; without what stands aside, JSON lines, a conversation each.

        Raises:
            DomainError: marks and text are not of the template.
        """
        starts: list[int] = []
        roles: list[bytes] = []
        contents: list[bytes] = []
        for begins, role, content in self.turns.messages([*parsed.sections()]):
            if begins or not roles:
                starts.append(len(roles))
            roles.append(role)
            contents.append(content)
        return unpack_around(parsed.residue, roles, contents, starts).written()
