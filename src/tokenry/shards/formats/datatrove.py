"""datatrove's ``.ds``: raw ids, with ``.ds.index`` and ``.ds.metadata``; nanotron reads it.

``.ds.index`` has where each document ends, in ids (u64). ``.ds.metadata`` is two lines: the name of
the tokenizer and the bytes of an id, separated by ``|``, then how many ids. ``.ds.loss``, where
there is a loss, has a byte an id.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any, ClassVar

from tokenry.errors import ShardError
from tokenry.files import AnyPath, writing
from tokenry.shards.formats.contract import Add, PartFacts, ShardShape
from tokenry.shards.sequences import TokenSequences


class Datatrove:
    """``NAME.ds`` and its companions."""

    types: ClassVar[tuple[str, ...]] = ("uint16", "uint32")
    part_bytes: ClassVar[int] = 1 << 40

    @contextmanager
    def writing(self, path: AnyPath, shape: ShardShape) -> Iterator[Add]:
        """Write one part."""
        others = [name for name in shape.channels if name != "loss"]
        if others:
            raise ShardError(f"datatrove's format has no place for {', '.join(others)}")
        with ExitStack() as stack:

            def opened(kind: str) -> Any:
                return stack.enter_context(writing(f"{path}.ds{kind}"))

            data, ends, facts = opened(""), opened(".index"), opened(".metadata")
            loss = opened(".loss") if shape.channels else None
            before = 0

            def add(sequences: TokenSequences) -> None:
                nonlocal before
                data.write(sequences.ids.data)
                ends.write((sequences.segments + before).astype("<u8").data)
                if loss is not None:
                    loss.write(sequences.channels["loss"].data)
                before += len(sequences.ids)

            yield add
            # The third line, which people read, is what its own writer puts there.
            name = shape.tokenizer or shape.fingerprint
            text = f"{name}|{shape.itemsize}\n{before}\n{_count(before)}"
            facts.write(text.encode())

    def index(self, parts: Sequence[PartFacts], shape: ShardShape) -> dict[str, Any]:
        """Nothing beside what every job writes."""
        return {}


def _count(tokens: int) -> str:
    """A number of ids for people: ``12.3 MT``."""
    amount = float(tokens)
    for unit in ("T", "KT", "MT", "GT"):
        if amount < 1000 or unit == "GT":
            break
        amount /= 1000
    return f"{amount:.3g} {unit}"
