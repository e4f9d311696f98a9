"""BPE with curated whole tokens: years, enumerators, white space, markup, and the user's own terms.

Source: Bommarito, Katz, Bommarito 2025, "KL3M tokenizers: a family of domain-specific and
character-level tokenizers for legal, financial, and preprocessing applications", arXiv:2503.17247.

1. Learn byte-level BPE (`Bpe`).
2. Add whole tokens in place of its last pieces, so that the size is what was asked for: the user's,
   all of them, and of the built lists those that the data hold often enough.

KL3M adds its tokens as added tokens of ``tokenizers``, which are found before text is cut and so
tear words (``art`` in ``party``). Here they are alternatives of the split pattern: one is taken
where a pretoken begins, and where no word or number goes on at its edges
(`tokenry.text.pretokenizers.whole_tokens`). `Curated.learn_checked` reports each token that is
given twice, that BPE has already, that can never come out, and that would have torn words as an
added token.

It does not fetch lists from anywhere and does not normalise text (KL3M 005 has NFKC, which is
lossy). Cost: that of `Bpe`, and one more pass over the data. Learning starts anew: a checkpoint
holds the BPE part only.
"""

from __future__ import annotations

import os
import warnings
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Final, Literal

import numpy as np

from tokenry.corpus import Corpus, CorpusLike, as_corpus
from tokenry.corpus.batches import batches
from tokenry.errors import LearnError
from tokenry.learning.bpe import Bpe
from tokenry.learning.counting import pretokenizer_named
from tokenry.learning.curated_lists import default_list, read_list
from tokenry.learning.lexicon import Lexicon
from tokenry.progress import Progress, silent
from tokenry.text.parts import AddedToken
from tokenry.text.pretokenizers.split_patterns import ALIASES
from tokenry.text.pretokenizers.whole_tokens import WholeTokenPretokenizer, is_of_word
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

_SAMPLE: Final = 1 << 20  # bytes in which torn words are looked for
_BATCH: Final = 4 << 20


class CuratedTokenWarning(UserWarning):
    """Some curated tokens are in conflict with pieces or with text."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """What is wrong with a curated token.

    Attributes:
        token: the text.
        kind: ``twice``: given twice; ``learnt``: BPE has the piece, so it keeps that id;
            ``unreachable``: the data have the text, but never where a whole token may stand;
            ``tears words``: as an added token it would cut words in two; here it is kept, and
            taken only where it stands alone.
        occurrences: of the text where it is not taken, in a sample of the data.
    """

    token: str
    kind: Literal["twice", "learnt", "unreachable", "tears words"]
    occurrences: int = 0

    def __str__(self) -> str:
        return f"{self.token!r} ({self.kind}{f', {self.occurrences}' if self.occurrences else ''})"


@dataclass(frozen=True, kw_only=True)
class Curated(Bpe):
    """A learner of BPE with curated whole tokens; other options are those of `Bpe`.

    Attributes:
        pretokenizer: the name of a splitter whose pattern matches all text.
        tokens: the user's whole tokens; `tokenry.learning.curated_lists` builds such lists. All
            are kept, whether the data hold them or not.
        lists: files of more of them, a token a line; one path or several.
        built: those of which so many are added as occur ``min_count`` times; None for the years,
            numbers, enumerators, white space and markup of `default_list`.
        min_count: see ``built``.
        most: the largest share of the vocabulary that ``built`` may take; the most frequent stay.
        on_conflict: ``skip`` leaves out, silently, tokens of the user that are given twice, learnt
            or unreachable; ``warn`` says so, and which would tear words; ``error`` refuses.
        to_power_of_two: fill the vocabulary up to the next power of two with longer and longer runs
            of spaces, as KL3M does; ``vocab_size`` is then the size before that.
    """

    tokens: tuple[str, ...] = ()
    lists: str | tuple[str, ...] = ()
    built: tuple[str, ...] | None = None
    min_count: int = 2
    most: float = 0.25
    on_conflict: Literal["error", "warn", "skip"] = "skip"
    to_power_of_two: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        pretokenizer_named(self.pretokenizer)
        base, plus, policy = self.pretokenizer.partition("+")
        WholeTokenPretokenizer(ALIASES.get(base, base) + plus + policy, ())
        if "" in self.tokens or not 0 <= self.most <= 1:
            raise LearnError(
                "a curated token is empty, or most is no share from 0 to 1; leave empty ones out"
            )
        if self.on_conflict not in ("error", "warn", "skip"):
            raise LearnError(f"on_conflict {self.on_conflict!r}; expected error, warn or skip")

    @property
    def splitter(self) -> str:
        """The splitter that the whole tokens stand before."""
        base, _, policy = self.pretokenizer.partition("+")
        policy = self.numbers or policy
        return ALIASES.get(base, base) + (f"+{policy}" if policy else "")

    def learn(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Tokenizer:
        """Learn from ``corpus``; see `learn_checked`."""
        return self.learn_checked(corpus, progress=progress, checkpoint=checkpoint)[0]

    def learn_checked(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> tuple[Tokenizer, list[Conflict]]:
        """Learn, and say what is wrong with curated tokens of the user.

        Raises:
            CorpusError: the corpus is empty or cannot be read.
            LearnError: there is no room, or ``on_conflict`` is ``error`` and a conflict is found.

        Warns:
            CuratedTokenWarning: ``on_conflict`` is ``warn`` and there is a conflict.
            SmallerVocabularyWarning: the data have fewer pairs than asked for.
        """
        documents = as_corpus(corpus)
        given = self._given()
        own = tuple(given)
        conflicts = [Conflict(each, "twice") for each, times in given.items() if times > 1]
        room = self.vocab_size - len(self.special_tokens) - 256
        if len(own) > max(room, 0):
            raise LearnError(
                f"vocab_size {self.vocab_size} has no room for {len(self.special_tokens)} special "
                f"tokens, 256 bytes and {len(own)} curated tokens; ask for more"
            )
        lexicon = self._bpe().learn_lexicon(documents, progress=progress, checkpoint=checkpoint)
        known = set(lexicon.pieces)
        built = default_list() if self.built is None else self.built
        built = tuple(each for each in built if each not in given and each.encode() not in known)
        counts = self._count(documents, lexicon, (*own, *built), progress or silent)
        conflicts += self._check(own, counts, _sample(documents))
        own = tuple(each for each in own if not _unreachable(each, conflicts))
        chosen = sorted(built, key=lambda each: -counts[each])
        chosen = [each for each in chosen if counts[each] >= max(1, self.min_count)]
        chosen = chosen[: max(0, min(int(self.most * self.vocab_size), room - len(own)))]
        kept, merges = _fit(lexicon, (*own, *chosen), self.vocab_size)
        conflicts += [Conflict(each, "learnt") for each in own if each not in kept]
        self._tell(conflicts)
        return self._tokenizer(lexicon, merges, self._padded(kept, merges, lexicon)), conflicts

    def _given(self) -> Counter[str]:
        """The user's tokens, in order, and how often each is given."""
        paths = (self.lists,) if isinstance(self.lists, str) else self.lists
        return Counter([*self.tokens, *(each for path in paths for each in read_list(path))])

    def _bpe(self) -> Bpe:
        return Bpe(**{field.name: getattr(self, field.name) for field in fields(Bpe)})

    def _tokenizer(self, lexicon: Lexicon, merges: int, tokens: Sequence[str]) -> Tokenizer:
        """Specials, bytes, ``merges`` merged pieces, then the whole tokens."""
        specials = [each.encode() for each in lexicon.specials]
        size = lexicon.first_merge + merges
        pieces = [*specials, *lexicon.pieces[len(specials) : size]]
        vocabulary = Vocabulary(
            [*pieces, *(each.encode() for each in tokens)],
            dict.fromkeys(range(len(specials)), "special"),
        )
        return Tokenizer(
            vocabulary=vocabulary,
            segmenter=BytePairSegmenter.from_merges(
                vocabulary, lexicon.table()[:merges], whole_pretokens=True
            ),
            pretokenizer=WholeTokenPretokenizer(self.splitter, tuple(tokens)),
            added_tokens=[AddedToken(text, id_) for id_, text in enumerate(lexicon.specials)],
            name="curated",
            metadata={"learner": "curated", "options": _options(self)},
        )

    def _count(
        self, corpus: Corpus, lexicon: Lexicon, tokens: Sequence[str], progress: Progress
    ) -> dict[str, int]:
        """How often each whole token comes out of the corpus, all of them there."""
        trial = self._tokenizer(lexicon, 0, tokens)
        first = len(trial.vocabulary) - len(tokens)
        counts = np.zeros(len(trial.vocabulary), dtype=np.int64)
        done = 0
        for batch in batches((document.data for document in corpus), _BATCH):
            ids = trial.encode_batch(batch, threads=self.threads).ids
            counts += np.bincount(ids, minlength=len(counts))
            done += sum(map(len, batch))
            progress("count whole tokens", done, None)
        return dict(zip(tokens, counts[first:].tolist(), strict=True))

    def _check(self, own: Sequence[str], counts: dict[str, int], sample: str) -> list[Conflict]:
        found = []
        for token in own:
            if not (is_of_word(token[0]) or is_of_word(token[-1])) and counts[token]:
                continue
            torn = _torn(token, sample)
            if not counts[token] and token in sample:
                found.append(Conflict(token, "unreachable", sample.count(token)))
            elif torn:
                found.append(Conflict(token, "tears words", torn))
        return found

    def _tell(self, conflicts: Sequence[Conflict]) -> None:
        if not conflicts or self.on_conflict == "skip":
            return
        text = (
            f"{len(conflicts)} conflicts of curated tokens: "
            f"{', '.join(map(str, conflicts[:20]))}{', ...' if len(conflicts) > 20 else ''}; "
            "change the list, or pass on_conflict='skip'"
        )
        if self.on_conflict == "error":
            raise LearnError(text)
        warnings.warn(text, CuratedTokenWarning, stacklevel=4)

    def _padded(self, tokens: list[str], merges: int, lexicon: Lexicon) -> list[str]:
        if not self.to_power_of_two:
            return tokens
        size = lexicon.first_merge + merges + len(tokens)
        taken = {*tokens, *(piece.decode("latin-1") for piece in lexicon.pieces)}
        wanted = (1 << (size - 1).bit_length()) - size
        runs = (" " * length for length in range(2, wanted + len(taken) + 2))
        return [*tokens, *[run for run in runs if run not in taken][:wanted]]


def _options(learner: Curated) -> str:
    named = ((field.name, getattr(learner, field.name)) for field in fields(learner))
    long = ("built", "tokens")
    shown = (f"{k}={len(v) if k in long and v else v!r}" for k, v in named)
    return f"Curated({', '.join(shown)})"


def _fit(lexicon: Lexicon, tokens: Sequence[str], size: int) -> tuple[list[str], int]:
    """The whole tokens that BPE lacks, and the most merges that leave room for them."""
    extra = {each.encode() for each in tokens} - set(lexicon.pieces[: lexicon.first_merge])
    merges = 0
    for piece in lexicon.pieces[lexicon.first_merge :]:
        more = 1 - (piece in extra)
        if lexicon.first_merge + merges + len(extra) + more > size:
            break
        extra.discard(piece)
        merges += 1
    return [each for each in tokens if each.encode() in extra], merges


def _unreachable(token: str, conflicts: Sequence[Conflict]) -> bool:
    return any(each.token == token and each.kind == "unreachable" for each in conflicts)


def _torn(token: str, sample: str) -> int:
    """Occurrences of the text next to which a word or number goes on."""
    torn, at = 0, sample.find(token)
    while at >= 0:
        stop = at + len(token)
        left = is_of_word(token[0]) and at > 0 and is_of_word(sample[at - 1])
        right = is_of_word(token[-1]) and stop < len(sample) and is_of_word(sample[stop])
        torn += left or right
        at = sample.find(token, stop)
    return torn


def _sample(corpus: Corpus) -> str:
    parts: list[bytes] = []
    size = 0
    for document in corpus:
        parts.append(document.data)
        size += len(document.data)
        if size >= _SAMPLE:
            break
    return b"\n".join(parts)[:_SAMPLE].decode("utf-8", "replace")
