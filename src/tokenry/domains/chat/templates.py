"""How a conversation is written for a model: what stands around the role and the content of a turn.

A template is a row of parts. `Mark` stands for an id that no content can have; `ROLE` and `CONTENT`
for those of the message; anything else is text. The marks have the names of the specials that the
published templates use, without their brackets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

ROLE: Final = "{role}"
CONTENT: Final = "{content}"


@dataclass(frozen=True)
class Mark:
    """An id that stands for structure, by its name."""

    name: str


Part = str | Mark


@dataclass(frozen=True)
class TurnTemplate:
    """How conversations are written.

    Attributes:
        start: before the first turn of a conversation.
        turns: the parts of a turn by role.
        turn: the parts of a turn of any other role; None where there must be none.
        roles: what a role is called in the template, where it is called otherwise.
    """

    start: tuple[Part, ...]
    turns: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)
    turn: tuple[Part, ...] | None = None
    roles: Mapping[str, str] = field(default_factory=dict)

    def marks(self) -> tuple[str, ...]:
        """Names of its marks, each once, in the order in which they first stand."""
        rows = (self.start, *self.turns.values(), self.turn or ())
        return (
            *dict.fromkeys(part.name for row in rows for part in row if isinstance(part, Mark)),
        )


def _headed(mark: str, end: str) -> tuple[Part, ...]:
    return (Mark(mark), "\n", CONTENT, Mark(end), "\n")


TEMPLATES: Final = {
    "chatml": TurnTemplate(
        (Mark("conversation"),),
        turn=(Mark("im_start"), ROLE, "\n", CONTENT, Mark("im_end"), "\n"),
    ),
    "llama3": TurnTemplate(
        (Mark("begin_of_text"),),
        turn=(
            Mark("start_header_id"), ROLE, Mark("end_header_id"), "\n\n", CONTENT, Mark("eot_id"),
        ),
    ),
    "gemma": TurnTemplate(
        (Mark("bos"),),
        turn=(Mark("start_of_turn"), ROLE, "\n", CONTENT, Mark("end_of_turn"), "\n"),
        roles={"assistant": "model"},
    ),
    "zephyr": TurnTemplate(
        (Mark("conversation"),),
        turns={role: _headed(role, "eos") for role in ("system", "user", "assistant")},
    ),
    "mistral": TurnTemplate(
        (Mark("bos"),),
        turns={
            "user": (Mark("INST"), " ", CONTENT, Mark("end INST")),
            "assistant": (Mark("answer"), " ", CONTENT, Mark("eos")),
            "system": (Mark("SYSTEM_PROMPT"), " ", CONTENT, Mark("end SYSTEM_PROMPT")),
        },
    ),
}  # fmt: skip
"""The templates by name."""
