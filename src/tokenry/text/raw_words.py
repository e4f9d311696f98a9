"""Raw words: text that the core takes word by word, before it is normalised or cut.

Most text is words that have been seen. Where the ids of a text are those of its raw words, one
after the other, the core looks raw words up and normalises, cuts and segments only those that it
does not know. What a normalizer does to words it says itself, as a `WordNormalization` or as
`WordRules`; a pretokenizer says how its pretokens follow from raw words (`Pretokenizer.raw_words`),
by one of the functions here, whose docstrings say why words stand alone. A pipeline whose parts say
nothing goes through its steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from tokenry import _native
from tokenry.text.ascii_changes import AsciiChanges
from tokenry.vocabulary import METASPACE

# What cuts text before spaces only, so that its pretokens are raw words too.
SPACE_SPLITTERS: Final = tuple(
    row.name for row in _native.splitters() if row.cuts == "before spaces"
)


@dataclass(frozen=True, slots=True)
class WordNormalization:
    """What a normalizer does to a text that is cut before its spaces.

    Attributes:
        core: what happens to a word.
        prefix: what is put before a text that is not empty.
        spaced: only before one that begins with no space; every word begins with one.
        squeezes: a space, and which of tabs and ends of lines are one, where of several between two
            words one counts; none where all count.
    """

    core: _native.WordChanges
    prefix: bytes = b""
    spaced: bool = False
    squeezes: bytes = b""


@dataclass(frozen=True, slots=True)
class WordRules:
    """What a normalizer does to words between white space, and then to that.

    Attributes:
        charsmap: compiled rules, as tokenizers reads them; None for none.
        before: what changes words before these rules do, one after the other.
        several: what several spaces become behind these rules, a space or U+2581; None for nothing.
        strips: whether white space is removed from the end of a text behind these rules.
        strips_more: whether it may be removed from its beginning, or before these rules.
    """

    charsmap: _native.Charsmap | None = None
    before: tuple[_native.Normalizer, ...] = ()
    several: str | None = None
    strips: bool = False
    strips_more: bool = False

    def then(self, later: WordRules) -> WordRules | None:
        """Both, one after the other; None where that is not what such rules say."""
        changes = later.charsmap is not None or later.before != ()
        marks = self.several == METASPACE and later != WordRules()
        if marks or (self.charsmap is not None and changes):
            return None
        return WordRules(
            self.charsmap or later.charsmap,
            self.before + later.before,
            later.several or (None if changes else self.several),
            later.strips or (self.strips and not changes),
            self.strips_more or later.strips_more or (self.strips and changes),
        )

    @property
    def core(self) -> _native.Normalizer | None:
        """`before` as one in the core."""
        if len(self.before) < 2:
            return self.before[0] if self.before else None
        return _native.NormalizerSequence(list(self.before))

    @property
    def spaces(self) -> bytes:
        """A space, and those of tabs and ends of lines that surely become one."""
        rules = self.charsmap
        if rules is None or self.before:
            return b" "
        return b" " + bytes(byte for byte in b"\t\n\r" if rules.is_space(byte))


@dataclass(frozen=True, slots=True)
class RawWords:
    """How the core runs a pipeline word by word.

    Attributes:
        words: gives the ids of a raw word.
        splitter: finds raw words; every one but the first of a text begins with a space.
        prefix: what is put before a text that is not empty.
        unless_space: whether only before one that begins with no space.
        squeezes: bytes of which several are one space, for which texts are squeezed first; the
            splitter cuts at all spaces.
    """

    words: _native.Segmenter
    splitter: _native.Splitter
    prefix: bytes = b""
    unless_space: bool = False
    squeezes: bytes = b""

    def engine(self) -> _native.LocalEngine:
        """What encodes texts so."""
        return _native.LocalEngine(
            self.words,
            self.splitter,
            prefix=self.prefix,
            unless_space=self.unless_space,
            squeezes=self.squeezes,
        )


def words_before_spaces(
    segmenter: _native.Segmenter, splitter: _native.Splitter, changes: WordNormalization
) -> RawWords:
    """Words of a splitter that cuts at spaces only: its pretokens are the words, changed.

    What changes a word reads no space beyond it. Where extra spaces are removed, what stands
    between two words becomes one space whatever it was, and so does what is put before each word
    that comes as a text of its own; so a text may as well get its space before. Words with U+2581,
    which means a space, do not stand alone.
    """
    words = _native.NormalizedSegmenter(segmenter, splitter, changes.core)
    squeezes = changes.squeezes if splitter.name in SPACE_SPLITTERS else b""
    return RawWords(words, splitter, changes.prefix, changes.spaced, squeezes)


def words_of_sentences(words: _native.Segmenter, changes: WordNormalization) -> RawWords:
    """Words of sentences that are one pretoken each, where no piece reaches over a space."""
    splitter = _native.Splitter("space_prefix")
    return RawWords(words, splitter, changes.prefix, changes.spaced, changes.squeezes)


def bert_words(segmenter: _native.Segmenter, options: _native.BertOptions) -> RawWords:
    """BERT's cleaning and splitting.

    All steps but one act on single characters. That one, decomposing, may change the order of
    combining characters; it never moves one past a character that combines with nothing, as all
    white space, punctuation and ideographs are, and these remain what they are. So text can be cut
    at them before it is normalised.
    """
    words = _native.BertSegmenter(segmenter, options)
    return RawWords(words, _native.bert_splitter(options))


def found_words(segmenter: _native.Segmenter, cuts: _native.Cascade) -> RawWords | None:
    """Patterns: words end where these always cut, whatever stands around; None for few places."""
    words = cuts.words()
    return None if words is None else RawWords(_native.FoundSegmenter(segmenter, cuts), words)


def changed_words(
    segmenter: _native.Segmenter,
    cuts: _native.Cascade,
    normalizer: _native.Normalizer,
    changes: AsciiChanges,
) -> RawWords | None:
    """The same behind a normalizer: between characters of ASCII that it takes one by one."""
    words = cuts.changed_words(changes.becomes.astype(np.uint8), changes.joined.reshape(-1))
    if words is None:
        return None
    return RawWords(_native.FoundSegmenter(segmenter, cuts, normalizer), words)


def marked_words(segmenter: _native.Segmenter, rules: WordRules) -> RawWords | None:
    """Rules, then words between white space with a mark before each: Pegasus, T5, XLNet.

    What comes before the rules reads and changes no space. No rule that leaves spaces alone reaches
    over one, and what else is done to white space is undone by cutting there. The few clusters that
    a space may belong to do not stand alone. None where a rule reads spaces, or marks are written.
    """
    if not _leaves_spaces(rules) or rules.several == METASPACE:
        return None
    words = _native.MarkedSegmenter(segmenter, rules.charsmap, rules.core)
    return RawWords(words, _native.Splitter("space_prefix"))


def squeezed_words(segmenter: _native.Segmenter, rules: WordRules) -> RawWords | None:
    """Rules, then one space for several, then words before spaces, of which the first has one: mT5.

    As `marked_words`, but white space that is no space behind the rules stands in words. The spaces
    between two words are one whatever they were; the rules may have written some of them. So may it
    be at the end of a text, where a space is a word; of a text whose last word is not sure to be
    one, the core takes the steps. None where several spaces count, or a rule reads one.
    """
    if rules.several is None or rules.strips_more or not _leaves_spaces(rules):
        return None
    words = _native.MarkedSegmenter(
        segmenter, rules.charsmap, rules.core, squeezes=rules.spaces, strips=rules.strips
    )
    return RawWords(words, _native.Splitter("space_prefix"), squeezes=rules.spaces)


def _leaves_spaces(rules: WordRules) -> bool:
    return rules.charsmap is None or _native.MarkedSegmenter.fits(rules.charsmap)
