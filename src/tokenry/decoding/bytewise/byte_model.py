"""A causal model as a distribution over bytes.

Two targets can be meant by the probability of a text (their difference is what a model gives to
sequences that no tokenizer makes):

- ``"canonical"``: only sequences that `encode` gives. At each step the model's probabilities of ids
  with which no canonical sequence goes on are taken away and the others raised to a sum of one
  (local canonicalisation: Vieira et al. 2025, arXiv:2506.07956), so every text has one sequence and
  probabilities of texts sum to one. That is not the model given that the whole text is canonical,
  which nobody can compute.
- ``"all"``: every sequence of ids that writes the text. Exact sums have a number of terms that
  grows exponentially; give a beam.

Sources: Phan et al. 2024, arXiv:2410.09303 (covers, canonical); Hayase et al. 2025,
arXiv:2506.14123 (a tree of live heads); Vieira et al. 2024, arXiv:2412.03719 (all sequences,
beams).

Costs: a prompt is read in one pass; afterwards one call a byte, for all texts of a batch together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Any, Final, Literal

from tokenry.decoding.bytewise.beam import Beam
from tokenry.decoding.bytewise.covers import END, CoverHead, Walk
from tokenry.decoding.bytewise.lanes import ByteReading, Lanes, opened_after
from tokenry.decoding.bytewise.scoring import weight_of
from tokenry.decoding.bytewise.source import ByteSource
from tokenry.decoding.canonical.added import canonical_of
from tokenry.decoding.canonical.followers import AllIds
from tokenry.decoding.spelling import Spelling
from tokenry.errors import ModelError
from tokenry.models.opening import causal_model
from tokenry.tokenizer import Tokenizer

Target = Literal["canonical", "all"]
REMEMBERED: Final = 4
"""Texts that are kept, so that the next question about a longer one costs its new bytes alone."""
AHEAD: Final = 64
"""Bytes by which a text may be longer to be gone on from one that is kept."""


class ByteModel(ByteSource):
    """Next bytes of texts, and probabilities of texts, by a model that reads ids.

    Args:
        model: a `tokenry.models.CausalModel`, or what `tokenry.models.causal_model` takes.
        tokenizer: the one that the model was trained with; lossless, see
            `tokenry.decoding.spelling`.
        target: which sequences of ids are summed over.
        beam: how many covers are kept of each text, or a `Beam`; None: all, which is exact. With
            ``target="all"`` and a beam, a prompt's ids before its last cut are those of `encode`.
        begin: ids before every text; None: as the tokenizer says.
        ends: ids of which each ends a text; None: as the tokenizer says.

    Raises:
        UnsupportedError: the tokenizer is lossy, or has added tokens that are found by what stands
            around them.
        ModelError: an id has no row in the model.
    """

    def __init__(
        self,
        model: Any,
        tokenizer: Tokenizer,
        *,
        target: Target = "canonical",
        beam: int | Beam | None = None,
        begin: Sequence[int] | None = None,
        ends: Sequence[int] | None = None,
    ) -> None:
        if target not in ("canonical", "all"):
            raise ModelError(f"target={target!r}, expected 'canonical' or 'all'")
        self.model = model if hasattr(model, "extend") else causal_model(model)
        self.tokenizer, self.target = tokenizer, target
        self.spelling = Spelling.of(self.model, tokenizer, begin, ends)
        beam = Beam(beam) if isinstance(beam, int) else beam
        canonical = target == "canonical" or beam is not None
        self._trunks = canonical_of(self.spelling) if canonical else None
        following = AllIds(self.spelling) if target == "all" else self._trunks
        assert following is not None
        self._reading = ByteReading(self.model, Walk(self.spelling, following), beam)
        self._remembered: dict[bytes, Lanes] = {}

    def logprob(self, data: bytes, *, end: bool = False) -> float:
        """The logarithm of the probability that a text begins with ``data``; -inf for none.

        Args:
            data: any bytes.
            end: of the probability that ``data`` is all of the text.
        """
        ids, head = self._trunk(data)
        lanes = opened_after(self._reading, [(ids, head)])
        lanes = lanes.advance([data[self._written(ids) :]])
        found = float(lanes.log_masses()[0])
        if ids:
            found += weight_of(self.model, self.spelling, self._reading.walk.following, ids)
        if end and not math.isinf(found):
            ended = float(lanes.next_bytes()[0, END])
            found += math.log(ended) if ended > 0 else -math.inf
        return found

    def lanes(self, prefixes: Sequence[bytes]) -> Lanes:
        """Texts to go on with byte by byte: `Lanes.logprobs`, `Lanes.advance`, `Lanes.select`."""
        if len(prefixes) == 1:
            return self._one(bytes(prefixes[0]))
        return self._opened([bytes(prefix) for prefix in prefixes])

    def beginning_with(self, begin: Sequence[int]) -> ByteModel:
        """The same model where texts stand behind other ids."""
        other = copy(self)
        other.spelling = replace(self.spelling, begin=tuple(begin))
        other._reading = replace(
            self._reading, walk=replace(self._reading.walk, spelling=other.spelling)
        )
        other._remembered = {}
        return other

    def certain(self, prefix: bytes) -> tuple[list[int], bytes]:
        """The ids of a text up to its last certain cut, and the bytes behind it."""
        ids, _ = self._trunk(prefix)
        return ids, prefix[self._written(ids) :]

    def _one(self, prefix: bytes) -> Lanes:
        """One text, gone on from the longest kept one that it begins with."""
        near = [
            text
            for text in self._remembered
            if prefix.startswith(text) and len(prefix) - len(text) <= AHEAD
        ]
        if near:
            text = max(near, key=len)
            lanes = self._remembered.pop(text)
            self._remembered[text] = lanes
            lanes = lanes.advance([prefix[len(text) :]]) if prefix != text else lanes
        else:
            lanes = self._opened([prefix])
        self._remembered[prefix] = lanes
        while len(self._remembered) > REMEMBERED:
            self._remembered.pop(next(iter(self._remembered)))
        return lanes

    def _opened(self, prefixes: list[bytes]) -> Lanes:
        for prefix in prefixes:
            self._check(prefix)
        trunks = [self._trunk(prefix) for prefix in prefixes]
        lanes = opened_after(self._reading, trunks)
        rests = [
            prefix[self._written(ids) :] for prefix, (ids, _) in zip(prefixes, trunks, strict=True)
        ]
        return lanes.advance(rests)

    def _trunk(self, prefix: bytes) -> tuple[list[int], CoverHead | None]:
        if self._trunks is None:
            return [], None
        ids, context = self._trunks.trunk(prefix)
        return ids, CoverHead(ids[-1], None, context) if ids else None

    def _written(self, ids: list[int]) -> int:
        return len(self.spelling.bytes_of(ids)) - len(self.spelling.prefix) if ids else 0

    def _check(self, prefix: bytes) -> None:
        lost = sorted(set(prefix) - self.spelling.written)
        if lost:
            raise ModelError(
                f"no id of this tokenizer writes the byte {lost[0]} (0x{lost[0]:02x}), so a text "
                "with it has probability zero; leave it out"
            )
