"""What a learner with deletions has learnt: a log of events, and the pieces that are left."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry import _native
from tokenry.errors import LearnError, SmallerVocabularyWarning
from tokenry.learning.alphabet import BYTE_ORDER
from tokenry.learning.bpe import NO_LIMIT
from tokenry.learning.specials import added_tokens, check_special_tokens
from tokenry.progress import Progress
from tokenry.text.parts import Pretokenizer, Segmenter
from tokenry.text.segmenters.event_log import BYTES, DELETION, Derivations, EventLog
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

NEVER: Final = 2.0  # a share that no merge uses up
_STEPS: Final = 128  # merges between two looks at Ctrl-C
_EVENTS_A_PIECE: Final = 8  # more than so many, and learning goes round in circles


@dataclass(frozen=True, eq=False)
class EventLexicon:
    """Specials, then bytes, then the pieces that are left, in the order in which they first came.

    Attributes:
        specials: contents of ids 0 to len(specials) - 1.
        events: kind, left, right and made symbol; see `tokenry.text.segmenters.event_log.EventLog`.
        counts: of each merge, how often its pair occurred; of each deletion, how often the piece
            was left when it was deleted.
    """

    specials: tuple[str, ...]
    events: NDArray[np.uint32]
    counts: NDArray[np.uint64]

    @cached_property
    def symbols(self) -> list[bytes]:
        """The piece of each symbol that there ever was."""
        pieces = [bytes([byte]) for byte in BYTE_ORDER]
        for kind, left, right, made in self.events.tolist():
            if kind != DELETION and made == len(pieces):
                pieces.append(pieces[left] + pieces[right])
        return pieces

    @cached_property
    def present(self) -> list[int]:
        """The symbols that are left, ascending."""
        known = Derivations()
        for kind, left, right, made in self.events.tolist():
            if kind == DELETION:
                known.delete(left)
            else:
                known.make(made, (left, right))
        return sorted(known.present)

    @property
    def pieces(self) -> list[bytes]:
        """Pieces in the order of ids, the specials' texts first."""
        texts = [special.encode() for special in self.specials]
        return texts + [self.symbols[symbol] for symbol in self.present]

    def __len__(self) -> int:
        return len(self.specials) + len(self.present)

    def log(self) -> Iterator[tuple[int, bytes, bytes, int]]:
        """Kind, left piece, right piece (empty for a deletion) and count of each event."""
        for row, count in zip(self.events.tolist(), self.counts.tolist(), strict=True):
            kind, left, right, _ = row
            yield kind, self.symbols[left], self.symbols[right] if kind != DELETION else b"", count

    def deleted(self) -> list[bytes]:
        """Pieces that there were once and are no more."""
        left = set(self.present)
        return [piece for symbol, piece in enumerate(self.symbols) if symbol not in left]

    def check_size(self, wanted: int) -> None:
        """Warn where the data gave fewer pieces than were asked for."""
        if len(self) < wanted:
            warnings.warn(
                f"the vocabulary has {len(self)} pieces of the {wanted} that were asked for: no "
                "other pair occurs often enough; give more data, or lower min_frequency",
                SmallerVocabularyWarning,
                stacklevel=3,
            )

    def to_tokenizer(
        self,
        pretokenizer: Pretokenizer,
        segmenter: Callable[[Vocabulary, EventLog], Segmenter],
        *,
        name: str,
        metadata: dict[str, str],
    ) -> Tokenizer:
        """A tokenizer that encodes by the log."""
        vocabulary = Vocabulary(self.pieces, dict.fromkeys(range(len(self.specials)), "special"))
        ids = np.full(len(self.symbols), -1, dtype=np.int64)
        ids[self.present] = np.arange(len(self.specials), len(vocabulary))
        return Tokenizer(
            vocabulary=vocabulary,
            segmenter=segmenter(vocabulary, EventLog(self.events, ids)),
            pretokenizer=pretokenizer,
            added_tokens=added_tokens(self.specials),
            name=name,
            metadata=metadata,
        )


@dataclass(frozen=True, kw_only=True)
class EventOptions:
    """The options that PickyBPE and BoundlessBPE share, checked.

    Attributes:
        vocab_size: ids in all: specials, bytes and the pieces that are left in the end.
        threshold: a piece is deleted when a merge uses up this share of its occurrences; None for
            never.
        min_frequency: a pair that occurs less often is not joined.
        max_piece_length: bytes of the longest piece; None for no limit.
        special_tokens: get the ids from 0 on; no text produces them.
    """

    vocab_size: int
    threshold: float | None
    min_frequency: int
    max_piece_length: int | None
    special_tokens: tuple[str, ...]

    def __post_init__(self) -> None:
        if self.threshold is not None and not 0.5 <= self.threshold <= 1:
            raise LearnError(
                f"threshold {self.threshold!r}; expected a share from 0.5 to 1, such as 0.9, or "
                "None to delete nothing"
            )
        if self.max_piece_length is not None and self.max_piece_length < 1:
            raise LearnError(f"max_piece_length {self.max_piece_length}; expected 1 byte or more")
        check_special_tokens(self.special_tokens)
        if self.vocab_size < len(self.special_tokens) + BYTES:
            raise LearnError(
                f"vocab_size {self.vocab_size} has no room: {len(self.special_tokens)} special "
                f"tokens and 256 bytes take {len(self.special_tokens) + BYTES} ids; ask for more"
            )

    def native(self) -> dict[str, float | int]:
        """As the core takes them."""
        return {
            "threshold": NEVER if self.threshold is None else self.threshold,
            "min_count": max(1, self.min_frequency),
            "max_bytes": self.max_piece_length or NO_LIMIT,
        }


def grow_events(
    learner: _native.EventLearner, options: EventOptions, progress: Progress
) -> EventLexicon:
    """Merge and delete until the vocabulary is full or no pair is left."""
    size = options.vocab_size - len(options.special_tokens)
    rows = [np.zeros((0, 4), np.uint32)]
    counts = [np.zeros(0, np.uint64)]
    events, more = 0, True
    # Each piece that comes back is rarer than before; what proves that it ends is this bound.
    while more and learner.present < size and events < _EVENTS_A_PIECE * size:
        found, how_often, more = learner.run(_STEPS, size)
        rows.append(found)
        counts.append(how_often)
        events += len(found)
        progress("merge", learner.present + len(options.special_tokens), options.vocab_size)
    return EventLexicon(options.special_tokens, np.concatenate(rows), np.concatenate(counts))
