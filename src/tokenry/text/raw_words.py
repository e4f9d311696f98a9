"""Pipelines that act on each raw word by itself, for the core to run on text as it stands.

Most text is words that have been seen. Where the ids of a text are those of its raw words, one
after the other, the core looks raw words up and normalises, cuts and segments only those that it
does not know. Each rule here recognises one family of pipelines, and its docstring says why their
words stand alone; a pipeline that no rule knows goes through its steps as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from tokenry import _native
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.text.normalizers.steps import NormalizerSequence, Precompiled, Prepend, Replace, Strip
from tokenry.text.normalizers.word_start import TO_MARKS, TO_SPACES, PrefixedPretokenizer
from tokenry.text.oniguruma import TextPattern
from tokenry.text.parts import Normalizer, Pretokenizer, Segmenter
from tokenry.text.pretokenizers.split_patterns import NativePretokenizer
from tokenry.text.pretokenizers.steps import PretokenizerSequence, marked_steps
from tokenry.text.segmenters.unigram import UnigramSegmenter
from tokenry.vocabulary import METASPACE

# What cuts text before spaces only, so that its pretokens are raw words too.
SPACE_SPLITTERS = ("space_prefix", "metaspace")


@dataclass(frozen=True, slots=True)
class LocalWords:
    """How the core runs a pipeline word by word.

    Attributes:
        words: gives the ids of a raw word.
        splitter: finds raw words; every one but the first of a text begins with a space.
        prefix: what is put before a text that is not empty.
        unless_space: whether only before one that begins with no space.
    """

    words: _native.Segmenter
    splitter: _native.Splitter
    prefix: bytes = b""
    unless_space: bool = False

    def engine(self) -> _native.LocalEngine:
        """What encodes texts so."""
        return _native.LocalEngine(
            self.words, self.splitter, prefix=self.prefix, unless_space=self.unless_space
        )


Rule = Callable[[Normalizer | None, Pretokenizer, Segmenter], LocalWords | None]


def marked_spaces(
    normalizer: Normalizer | None, pretokenizer: Pretokenizer, segmenter: Segmenter
) -> LocalWords | None:
    """Normalizers that put a space before the text and make marks of spaces, and nothing else.

    Text without marks then stays as it is, so its pretokens are raw words; words with marks, and
    those that are not UTF-8, do not stand alone.
    """
    steps = normalizer.steps if isinstance(normalizer, NormalizerSequence) else (normalizer,)
    name = pretokenizer.native if isinstance(pretokenizer, NativePretokenizer) else None
    prefix = _prefix(steps)
    if prefix is None or name not in SPACE_SPLITTERS:
        return None
    words = _native.NormalizedSegmenter(segmenter.native())
    return LocalWords(words, _native.Splitter(name), prefix)


def _prefix(steps: Sequence[Normalizer | None]) -> bytes | None:
    """What these put before a text, or None where they do more to one without marks."""
    if len(steps) > 2 or steps[-1] not in (TO_MARKS, TO_SPACES):
        return None
    if len(steps) == 1:
        return b""
    return b" " if steps[0] in (Prepend(" "), Prepend(METASPACE)) else None


def metaspace_words(
    normalizer: Normalizer | None, pretokenizer: Pretokenizer, segmenter: Segmenter
) -> LocalWords | None:
    """The pretokenizer Metaspace that cuts, alone: it sees a whole text at its beginning only."""
    if normalizer is not None or not isinstance(pretokenizer, PrefixedPretokenizer):
        return None
    if not pretokenizer.marks or pretokenizer.splitter not in SPACE_SPLITTERS:
        return None
    words = _native.NormalizedSegmenter(segmenter.native())
    prefix = b"" if pretokenizer.prepend_scheme == "never" else b" "
    splitter = _native.Splitter(pretokenizer.splitter)
    return LocalWords(words, splitter, prefix, unless_space=True)


def sentencepiece_words(
    normalizer: Normalizer | None, pretokenizer: Pretokenizer, segmenter: Segmenter
) -> LocalWords | None:
    """SentencePiece's normalizer before a splitter that cuts at spaces.

    Where it keeps extra spaces, it changes each word by rules that read no space. Where it removes
    them, what stands between two words becomes one space whatever it was, and so does what it puts
    before each word that it gets as a text of its own. So a text may as well get its space before.
    """
    name = pretokenizer.native if isinstance(pretokenizer, NativePretokenizer) else None
    changes = _word_changes(normalizer)
    if changes is None or name not in SPACE_SPLITTERS:
        return None
    splitter = _native.Splitter(name)
    words = _native.NormalizedSegmenter(segmenter.native(), splitter, changes.core)
    return LocalWords(words, splitter, changes.prefix, unless_space=changes.spaced)


def unigram_words(
    normalizer: Normalizer | None, pretokenizer: Pretokenizer, segmenter: Segmenter
) -> LocalWords | None:
    """SentencePiece's Unigram models: whole sentences, whose pieces reach over no space.

    The normalizer acts word by word as above. A sentence is scored in one sum, which each word's
    best way depends on by rounding; `_native.SentenceWords` admits words and texts for which it
    does not.
    """
    changes = _word_changes(normalizer)
    if changes is None or not isinstance(segmenter, UnigramSegmenter):
        return None
    inner = segmenter.native()
    if not isinstance(inner, _native.SentencePieceUnigramSegmenter):
        return None
    if pretokenizer.native != "whole" or not _native.SentenceWords.fits(inner):
        return None
    words = _native.SentenceWords(inner, changes.core)
    splitter = _native.Splitter("space_prefix")
    return LocalWords(words, splitter, changes.prefix, unless_space=changes.spaced)


@dataclass(frozen=True, slots=True)
class _WordChanges:
    """What SentencePiece's normalizer does to a text that is cut into words before.

    Attributes:
        core: what happens to a word.
        prefix: what is put before a text.
        spaced: only before one that begins with no space; every word begins with one.
    """

    core: _native.WordChanges
    prefix: bytes
    spaced: bool = False


def _word_changes(normalizer: Normalizer | None) -> _WordChanges | None:
    """What happens to words, or None where the normalizer does not act word by word."""
    if not isinstance(normalizer, SentencePieceNormalizer):
        return None
    removes = normalizer.remove_extra_spaces
    if normalizer.kept or normalizer.dummy not in (("before",) if removes else ("before", "none")):
        return None
    rules = None if normalizer.charsmap is None else normalizer.charsmap.native
    if rules is not None and (rules.reads(ord(" ")) or rules.writes(METASPACE.encode())):
        return None
    prefix = b" " if normalizer.dummy == "before" else b""
    if rules is None and not removes:
        return _WordChanges(_native.WordChanges(), prefix)
    # U+FFFD, or what a rule writes.
    growth = max(3, 0 if rules is None else rules.growth)
    inner = replace(normalizer, dummy="none").native()
    core = _native.WordChanges(inner, growth=growth, spaced=removes)
    return _WordChanges(core, prefix, spaced=removes)


def bert_words(
    normalizer: Normalizer | None, pretokenizer: Pretokenizer, segmenter: Segmenter
) -> LocalWords | None:
    """BERT's cleaning and splitting.

    All steps but one act on single characters. That one, decomposing, may change the order of
    combining characters; it never moves one past a character that combines with nothing, as all
    white space, punctuation and ideographs are, and these remain what they are. So text can be cut
    at them before it is normalised.
    """
    if not isinstance(normalizer, BertNormalizer | None):
        return None
    if not getattr(pretokenizer, "is_bert", False):
        return None
    options = _native.BertOptions() if normalizer is None else normalizer.options()
    words = _native.BertSegmenter(segmenter.native(), options)
    return LocalWords(words, _native.bert_splitter(options))


def marked_words(
    normalizer: Normalizer | None, pretokenizer: Pretokenizer, segmenter: Segmenter
) -> LocalWords | None:
    """A charsmap, then words between white space with a mark before each: Pegasus.

    No rule that leaves spaces alone reaches over one, and what else is done to white space is
    undone by cutting there. The few clusters that a space may belong to do not stand alone.
    """
    if pretokenizer != PretokenizerSequence(marked_steps(), finish="marks"):
        return None
    steps = normalizer.steps if isinstance(normalizer, NormalizerSequence) else (normalizer,)
    rules = steps[0].rules.native if isinstance(steps[0], Precompiled) else None
    if rules is not None and not _native.MarkedSegmenter.fits(rules):
        return None
    if not all(_fewer_spaces(step) for step in steps[rules is not None :]):
        return None
    words = _native.MarkedSegmenter(segmenter.native(), rules)
    return LocalWords(words, _native.Splitter("space_prefix"))


def _fewer_spaces(step: Normalizer | None) -> bool:
    """Whether a step only removes white space beside white space or at the ends."""
    if isinstance(step, Replace):
        return step.content == " " and step.pattern in _SEVERAL
    return step is None or isinstance(step, Strip)


_SEVERAL = (TextPattern(" {2,}"), TextPattern("  ", is_literal=True))

RULES: tuple[Rule, ...] = (
    marked_spaces,
    metaspace_words,
    sentencepiece_words,
    unigram_words,
    bert_words,
    marked_words,
)


def local_words(
    normalizer: Normalizer | None, pretokenizer: Pretokenizer, segmenter: Segmenter
) -> LocalWords | None:
    """How the core runs this pipeline word by word, or None where no rule says that it may."""
    found = (rule(normalizer, pretokenizer, segmenter) for rule in RULES)
    return next((words for words in found if words is not None), None)
