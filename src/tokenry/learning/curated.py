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
lossy). Cost: that of `Bpe`, and one more pass over the data.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from tokenry.corpus import CorpusLike
from tokenry.errors import LearnError
from tokenry.learning.bpe import bpe_of
from tokenry.learning.contract import Learner
from tokenry.learning.curation.conflicts import Conflict, find_conflicts, report_conflicts
from tokenry.learning.curation.fitting import (
    count_tokens,
    fit_tokens,
    most_frequent,
    padded,
    unlearnt,
)
from tokenry.learning.curation.lists import default_list, given_tokens
from tokenry.learning.merge_list import MergeList
from tokenry.learning.merging import MergingOptions
from tokenry.learning.session import Session
from tokenry.options import Natural, Share
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.split_patterns import ALIASES
from tokenry.text.pretokenizers.whole_tokens import WholeTokenPretokenizer
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.tokenizer import Tokenizer


@dataclass(frozen=True)
class CuratedMerges:
    """What is learnt.

    Attributes:
        merges: of BPE.
        many: how many of them are used.
        tokens: whole tokens.
        conflicts: what is wrong with tokens of the user.
    """

    merges: MergeList
    many: int
    tokens: Sequence[str]
    conflicts: Sequence[Conflict] = field(default=(), repr=False)


@dataclass(frozen=True, kw_only=True)
class Curated(MergingOptions, Learner[CuratedMerges]):
    """A learner of BPE with curated whole tokens; other options are those of `MergingOptions`.

    Attributes:
        pretokenizer: the name of a splitter whose pattern matches all text.
        tokens: the user's whole tokens; `tokenry.learning.curation.lists` builds such lists. All
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

    kind: ClassVar[str] = "curated"
    checkpointed: ClassVar[str] = "merges; whole tokens are counted anew"
    tokens: tuple[str, ...] = ()
    lists: str | tuple[str, ...] = ()
    built: tuple[str, ...] | None = None
    min_count: Natural = 2
    most: Share = 0.25
    on_conflict: Literal["error", "warn", "skip"] = "skip"
    to_power_of_two: bool = False

    def validate(self) -> None:
        """Refuse an empty token, and a splitter that whole tokens cannot stand before."""
        super().validate()
        WholeTokenPretokenizer(self.base_splitter, ())
        if "" in self.tokens:
            raise LearnError("tokens: a curated token is empty; leave empty ones out")

    @property
    def base_splitter(self) -> str:
        """The splitter that the whole tokens stand before."""
        base, _, policy = self.pretokenizer.partition("+")
        policy = self.numbers or policy
        return ALIASES.get(base, base) + (f"+{policy}" if policy else "")

    def learn_checked(self, corpus: CorpusLike, **how: Any) -> tuple[Tokenizer, list[Conflict]]:
        """Learn, and say what is wrong with curated tokens of the user; arguments as of `learn`."""
        learnt = self.learn_model(corpus, **how)
        return self.tokenizer(learnt), list(learnt.conflicts)

    def fit(self, session: Session) -> CuratedMerges:
        """Merges, and whole tokens in place of the last of them.

        Raises:
            LearnError: there is no room, or ``on_conflict`` is ``error`` and a conflict is found.
        """
        given = given_tokens(self.tokens, self.lists)
        self.check_room(256 + len(given), "256 bytes", f"{len(given)} curated tokens")
        merges = bpe_of(self).fit(session)
        built = unlearnt(default_list() if self.built is None else self.built, given, merges)
        trial = self.tokenizer(CuratedMerges(merges, 0, (*given, *built)))
        counts = count_tokens(trial, (*given, *built), session, self.threads)
        conflicts = find_conflicts(given, counts, session.documents())
        lost = {each.token for each in conflicts if each.kind == "unreachable"}
        own = [each for each in given if each not in lost]
        room = self.vocab_size - len(self.special_tokens) - 256 - len(own)
        most = min(int(self.most * self.vocab_size), room)
        tokens = (*own, *most_frequent(built, counts, max(1, self.min_count), most))
        kept, many = fit_tokens(merges, tokens, self.vocab_size)
        conflicts += [Conflict(each, "learnt") for each in own if each not in kept]
        report_conflicts(conflicts, self.on_conflict)
        if self.to_power_of_two:
            kept = padded(kept, many, merges)
        return CuratedMerges(merges, many, kept, conflicts)

    def pipeline(self, learnt: CuratedMerges) -> Pipeline:
        """Specials, bytes, merged pieces, then the whole tokens."""
        merges, first = learnt.merges, len(self.special_tokens)
        pieces = merges.pieces[first : merges.first_merge + learnt.many]
        vocabulary = self.vocabulary([*pieces, *(each.encode() for each in learnt.tokens)])
        segmenter = BytePairSegmenter.from_merges(
            vocabulary, merges.table()[: learnt.many], whole_pretokens=True
        )
        splitter = WholeTokenPretokenizer(self.base_splitter, tuple(learnt.tokens))
        return self.assembled(vocabulary, segmenter, splitter)
