"""BPE inside morphs: merges never cross the boundary between a stem and its affixes.

Sources: Bayram et al. 2025, "Tokens with Meaning: A Hybrid Tokenization Approach for NLP",
arXiv:2508.14292 (roots and affixes, one id for all forms of a suffix); Creutz & Lagus 2005 and 2007
(Morfessor: morphs without a lexicon; see `tokenry.learning.morfessor`).

1. Count the distinct pretokens.
2. Get a model of morphs: from the corpus alone, or from lists of roots and affixes whose
   frequencies are counted in the corpus.
3. Cut each pretoken at the boundaries of its morphs. With soft cuts the most frequent pretokens,
   which together make up a given share of the text, stay whole.
4. Learn BPE on the stretches. Suffixes of a group of allomorphs are no text for BPE: each group
   has one id, which a residual id follows where the form is not the usual one there; see
   `tokenry.text.segmenters.morph`.

Encoding cuts a pretoken with the same model and merges inside the stretches. It is lossless on all
bytes, because a morph only decides where merges stop. The published tokenizer restores 40% of the
lines of Turkish FLORES.

It does not undo changes of stems (kitap, kitab-): these are ordinary bytes, not one id. It costs
tokens: hard cuts forbid just those merges that are frequent in an inflecting language. A pretoken
that is not in the cache is cut in Python, in about 80 microseconds. A tokenizer.json knows no
morphs: it merges across them, and with shared ids there can be none.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from tokenry import _native
from tokenry.corpus import CorpusLike, as_corpus
from tokenry.errors import LearnError
from tokenry.learning.affixes import Affixes, found_model, lexicon_model
from tokenry.learning.bpe import Bpe
from tokenry.learning.checkpoint import Checkpoint
from tokenry.learning.counting import count_words, pretokenizer_named
from tokenry.learning.harmony import learn_choices
from tokenry.learning.lexicon import Lexicon
from tokenry.learning.merging import grow
from tokenry.learning.morfessor import learn_morphs
from tokenry.progress import Progress, silent
from tokenry.text.parts import AddedToken
from tokenry.text.segmenters.allomorphs import Allomorphs
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.text.segmenters.morph import AllomorphDecoder, MorphSegmenter
from tokenry.text.segmenters.morph_cuts import MorphCutter
from tokenry.text.segmenters.morph_model import LONGEST_WORD, MorphModel, fold_letters, letters_of
from tokenry.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary, unpack

MorphList = str | os.PathLike[str] | Sequence[str]
GroupList = str | os.PathLike[str] | Sequence[Sequence[str]]
_STEPS: Final = 5000  # pretokens between two reports of progress


@dataclass(frozen=True, kw_only=True)
class Morph:
    """A learner of BPE inside morphs.

    Attributes:
        vocab_size: ids in all: specials, alphabet, merges, shared suffixes and residuals.
        pretokenizer: see `tokenry.learning.Bpe`.
        roots, prefixes, suffixes: lists of morphs, or files with one a line. Without roots, stems
            are what the unsupervised splitter finds in the corpus.
        allomorphs: groups of forms of one suffix that share an id, such as ``[("lar", "ler")]``,
            or a file with the forms of a group in each line. All of them count as suffixes too,
            and one without other forms is a suffix and shares nothing.
        fold: what capitals fold to where Unicode says otherwise; ``(("I", "ı"), ("İ", "i"))`` for
            Turkish.
        whole_share: soft cuts: the most frequent pretokens stay whole up to this share of all that
            the corpus holds. 0: hard cuts, every word is cut.
        max_words: how many of the most frequent words the splitter looks at; those that it does
            not see are cut with the morphs of the others.
        corpus_weight: of the splitter; above 1 words are cut less, below 1 more.
        seed: of the splitter.
        min_frequency: a pair that occurs less often is not merged.
        special_tokens: get the ids from 0 on; no text produces them.
        threads: to count with; the result does not depend on it.
    """

    vocab_size: int = 32_000
    pretokenizer: str = "o200k"
    roots: MorphList = ()
    prefixes: MorphList = ()
    suffixes: MorphList = ()
    allomorphs: GroupList = ()
    fold: tuple[tuple[str, str], ...] = (("İ", "i"),)
    whole_share: float = 0.0
    max_words: int = 50_000
    corpus_weight: float = 1.0
    seed: int = 0
    min_frequency: int = 0
    special_tokens: tuple[str, ...] = ()
    threads: int | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.whole_share <= 1:
            raise LearnError(f"whole_share {self.whole_share}; expected a share from 0 to 1")
        if self.corpus_weight <= 0 or self.max_words < 1:
            raise LearnError(
                f"corpus_weight {self.corpus_weight} and max_words {self.max_words}; both must be "
                "above 0"
            )
        if any(len(each) != 2 or len(each[0]) != 1 or len(each[1]) != 1 for each in self.fold):
            raise LearnError(f"fold {self.fold}; expected pairs of one character each")
        self.bpe()

    def bpe(self) -> Bpe:
        """The learner of what is inside the stretches."""
        return Bpe(
            vocab_size=self.vocab_size,
            pretokenizer=self.pretokenizer,
            min_frequency=self.min_frequency,
            special_tokens=self.special_tokens,
            threads=self.threads,
        )

    def learn(
        self,
        corpus: CorpusLike,
        *,
        progress: Progress | None = None,
        checkpoint: str | os.PathLike[str] | None = None,
    ) -> Tokenizer:
        """Learn from ``corpus``.

        Args:
            corpus: documents; see `tokenry.corpus.as_corpus`.
            progress: told how far it is.
            checkpoint: accepted and not used: learning takes a minute at most and starts anew.

        Raises:
            CorpusError: the corpus is empty or cannot be read.
            LearnError: a list cannot be read or names a form twice, or the vocabulary has no room.

        Warns:
            SmallerVocabularyWarning: the data have fewer pairs than asked for.
        """
        progress = progress or silent
        documents = (document.data for document in as_corpus(corpus))
        pretokenizer = pretokenizer_named(self.pretokenizer)
        counter = count_words(documents, pretokenizer, progress, self.threads)
        pretokens = _pretokens(counter)
        cutter = self.learn_cutter(pretokens, progress)
        shared = cutter.allomorphs
        extra = 0 if shared is None else len(shared.groups) + max(map(len, shared.groups))
        stretches = _count_stretches(pretokens, cutter, progress)
        lexicon = self._grow(stretches, extra, progress)
        return self._tokenizer(lexicon, cutter)

    def learn_cutter(self, pretokens: Mapping[bytes, int], progress: Progress) -> MorphCutter:
        """Morphs, what stays whole and the rule for allomorphs, from counted pretokens."""
        fold = dict(self.fold)
        given = read_groups(self.allomorphs)
        groups = tuple(forms for forms in given if len(forms) > 1)
        words = frequent_words(pretokens, fold, self.max_words)
        model = self._model(words, given, progress)
        allomorphs: Allomorphs | None = None
        if groups:
            analyses = {word: model.analyse(word) for word in words}
            allomorphs = learn_choices(groups, words, analyses, fold)
        whole = frozenset(_most_frequent(pretokens, self.whole_share))
        return MorphCutter(model, whole, allomorphs)

    def _model(
        self, words: Mapping[str, int], groups: tuple[tuple[str, ...], ...], progress: Progress
    ) -> MorphModel:
        affixes = Affixes.of(
            read_list(self.roots, "roots"),
            read_list(self.prefixes, "prefixes"),
            read_list(self.suffixes, "suffixes"),
            dict(self.fold),
            groups,
        )
        types = {word: 1 + count.bit_length() for word, count in words.items()}
        if affixes.roots:
            return lexicon_model(affixes, types, progress=progress)
        morphs = learn_morphs(
            types, seed=self.seed, corpus_weight=self.corpus_weight, progress=progress
        )
        if not affixes.prefixes and not affixes.suffixes:
            return found_model(morphs, affixes.fold)
        return lexicon_model(affixes, types, stems=morphs, progress=progress)

    def _grow(self, stretches: Mapping[bytes, int], extra: int, progress: Progress) -> Lexicon:
        """Merge inside stretches until there is just room for the ids of suffixes."""
        counter = _native.WordCounter(None, 1)
        for stretch, count in stretches.items():
            counter.add_word(stretch, count)
        bpe = self.bpe()
        lexicon = bpe.start(counter)
        size = self.vocab_size - extra
        if size < len(lexicon):
            raise LearnError(
                f"vocab_size {self.vocab_size} has no room for {extra} ids of suffixes beside the "
                f"{len(lexicon)} of specials and bytes; ask for {len(lexicon) + extra} or more"
            )
        index = bpe.index(counter, lexicon)
        grow(index, lexicon, size, progress=progress, checkpoint=Checkpoint(None, ""))
        lexicon.check_size(size)
        return lexicon

    def _tokenizer(self, lexicon: Lexicon, cutter: MorphCutter) -> Tokenizer:
        specials = [content.encode() for content in self.special_tokens]
        pieces: list[bytes | None] = [*specials, *lexicon.pieces[len(specials) :]]
        roles = dict.fromkeys(range(len(specials)), "special")
        shared: AllomorphDecoder | None = None
        if cutter.allomorphs is not None:
            groups = cutter.allomorphs.groups
            shared = AllomorphDecoder(cutter.allomorphs, len(pieces), len(pieces) + len(groups))
            pieces += [forms[0].encode() for forms in groups]
            residuals = range(len(pieces), len(pieces) + max(map(len, groups)))
            roles |= dict.fromkeys(residuals, "special")
            pieces += [None] * len(residuals)
        vocabulary = Vocabulary(pieces, roles)
        inner = BytePairSegmenter.from_merges(vocabulary, lexicon.table())
        return Tokenizer(
            vocabulary=vocabulary,
            segmenter=MorphSegmenter(inner, cutter, shared),
            pretokenizer=pretokenizer_named(self.pretokenizer),
            decoder=shared,
            added_tokens=[AddedToken(text, id_) for id_, text in enumerate(self.special_tokens)],
            name="morph",
            metadata={"learner": "morph", "options": self._options()},
        )

    def _options(self) -> str:
        """Options in words; lists by their lengths, for some have 20,000 entries."""
        long = ("roots", "prefixes", "suffixes", "allomorphs")
        shown = {
            name: f"{len(value)} given"
            if name in long and isinstance(value, tuple | list)
            else value
            for name, value in vars(self).items()
        }
        return f"Morph({', '.join(f'{name}={value!r}' for name, value in shown.items())})"


def _pretokens(counter: _native.WordCounter) -> dict[bytes, int]:
    run, offsets, counts = counter.words()
    return dict(zip(unpack(run, offsets), counts.tolist(), strict=True))


def frequent_words(
    pretokens: Mapping[bytes, int], fold: Mapping[str, str], most: int
) -> dict[str, int]:
    """The most frequent words of folded letters, and how often each occurs."""
    words: Counter[str] = Counter()
    for pretoken, count in pretokens.items():
        for word in letters_of(pretoken.decode("utf-8", "ignore")):
            if len(word) <= LONGEST_WORD:
                words[fold_letters(word, fold)] += count
    return dict(sorted(words.items(), key=lambda item: (-item[1], item[0]))[:most])


def _most_frequent(pretokens: Mapping[bytes, int], share: float) -> Iterable[bytes]:
    """The most frequent pretokens, which are first, up to a share of all occurrences."""
    counts = np.fromiter(pretokens.values(), dtype=np.int64, count=len(pretokens))
    many = int(np.searchsorted(np.cumsum(counts), share * counts.sum(), side="right"))
    return list(pretokens)[:many]


def _count_stretches(
    pretokens: Mapping[bytes, int], cutter: MorphCutter, progress: Progress
) -> Counter[bytes]:
    """What BPE is learnt on."""
    stretches: Counter[bytes] = Counter()
    for place, (pretoken, count) in enumerate(pretokens.items()):
        for stretch in cutter.cut(pretoken):
            if stretch.group is None:
                stretches[stretch.data] += count
        if place % _STEPS == 0:
            progress("cut", place, len(pretokens))
    return stretches


def read_list(given: MorphList, name: str) -> list[str]:
    """Morphs of a list, or of a file with one a line.

    Raises:
        LearnError: the file cannot be read, or what is given is no list of texts.
    """
    if isinstance(given, str | os.PathLike):
        return [line.strip() for line in _lines(given) if line.strip()]
    if any(not isinstance(each, str) or not each for each in given):
        raise LearnError(
            f"{name} must be texts of one letter or more; {list(given)[:5]} were given"
        )
    return list(given)


def read_groups(given: GroupList) -> tuple[tuple[str, ...], ...]:
    """Groups of forms, of a list or of a file with a group in each line.

    Raises:
        LearnError: the file cannot be read, or a form is in two groups.
    """
    if isinstance(given, str | os.PathLike):
        given = [line.split() for line in _lines(given)]
    groups = tuple(tuple(dict.fromkeys(forms)) for forms in given)
    seen: dict[str, tuple[str, ...]] = {}
    for group in groups:
        for form in group:
            if not form or form in seen:
                raise LearnError(
                    f"the form {form!r} is in two groups of allomorphs, {seen.get(form)} and "
                    f"{group}; keep it in one"
                    if form
                    else f"the group of allomorphs {group} has an empty form; leave it out"
                )
            seen[form] = group
    return groups


def _lines(path: str | os.PathLike[str]) -> list[str]:
    try:
        return Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise LearnError(f"the list of morphs {path} cannot be read: {error}") from error
