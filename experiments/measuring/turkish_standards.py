"""S012: %TR and %Pure, and which of them goes with the quality of a model, for Turkish."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness import corpora
from experiments.harness.corpora import blocks, declarations, flores, size_of, split
from experiments.harness.correlation import mean_spearman, over_groups
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import DRAWS, needed
from experiments.harness.trained import bits_under
from experiments.harness.verdicts import Check, Estimate, check
from experiments.measuring.lexicons import Lexicon, lexicon_of, turkish
from tokenry.learning import SmallerVocabularyWarning, learner
from tokenry.measuring import Sample, align_all, boundary_scores, encode_speeds, lexicon_shares
from tokenry.measuring.gold_morphs import GoldWord, read_gold
from tokenry.measuring.morphology import Aligned
from tokenry.tokenizer import Tokenizer

PASSES: Final = 2
SIZES: Final = (800, 2_000)
MATTERS: Final = 0.2  # of a rank correlation
LISTS: Final = {"the lexicon": 1, "half of it": 2, "a tenth of it": 10}
"""What a learner of morphs is given: every so-manieth root, all suffixes."""
LEARNERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "BPE": ("bpe", {}),
    "BPE, GPT-2's words": ("bpe", {"pretokenizer": "gpt2"}),
    "BPE, no words": ("bpe", {"pretokenizer": "whole"}),
    "BPE, at most 4 bytes": ("bpe", {"max_piece_length": 4}),
    "BPE, at most 8 bytes": ("bpe", {"max_piece_length": 8}),
    "SuperBPE": ("superbpe", {}),
    "PickyBPE": ("picky", {}),
    "PickyBPE, 0.6": ("picky", {"threshold": 0.6}),
    "supertokens": ("supertoken", {}),
    "LZ-aware BPE": ("lzbpe", {}),
    "BoundlessBPE": ("boundless", {}),
    "Unigram": ("unigram", {}),
    "Unigram, no words": ("unigram", {"pretokenizer": "whole"}),
    "Unigram, at most 6": ("unigram", {"max_piece_length": 6}),
    "CompoundPiece": ("compound", {}),
    "K-Tokeniser": ("semantic", {}),
    "WordPiece": ("wordpiece", {}),
    "WordPiece, at most 6 bytes": ("wordpiece", {"max_piece_length": 6}),
    "BPE of characters": ("charbpe", {}),
    "LiB": ("lib", {}),
    "morphs, found": ("morph", {}),
    **{f"morphs, {name}": ("morph", {"roots": step}) for name, step in LISTS.items()},
}
"""Kind and options by name; ``roots`` stands for a list of them."""
METRICS: Final[dict[str, str]] = {
    "%TR by type": "words_by_type",
    "%TR by occurrence": "words_by_token",
    "%Pure by type": "pure_by_type",
    "%Pure by occurrence": "pure_by_token",
    "boundary F1": "f1",
    "fewer tokens": "fewer",
    "less time": "faster",
}


@dataclass(frozen=True)
class Language:
    """Text of a language, its lexicon, and words with gold boundaries."""

    learnt: list[str]
    held: list[str]
    lexicon: Lexicon
    gold: Aligned


@dataclass(frozen=True)
class Point:
    """One tokenizer and what is measured of it; all but the counts are shares."""

    kind: str
    size: int
    tokens: int
    seconds: float  # of the processor, for a MB of text
    words_by_type: float
    words_by_token: float
    pure_by_type: float
    pure_by_token: float
    f1: float
    bits: tuple[float, ...] = ()  # a byte of held-out text, by seed

    @property
    def fewer(self) -> float:
        """Larger for fewer tokens."""
        return -self.tokens

    @property
    def faster(self) -> float:
        """Larger for less time."""
        return -self.seconds


def run(setting: Setting) -> Findings:
    """Learn, measure and train under each tokenizer; correlate."""
    sizes = setting.pick(SIZES, (400, 600))
    kinds = setting.pick(tuple(LEARNERS), ("BPE", "Unigram", "morphs, the lexicon"))
    language, other = _turkish(setting), _hungarian(setting)
    points: list[Point] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        for kind, size in product(kinds, sizes):
            setting.tell(f"{kind}, {size:,} ids")
            tokenizer = learn(kind, size, language)
            bits = _bits(setting, kind, tokenizer, language)
            points.append(replace(measure(kind, tokenizer, language), bits=bits))
        setting.tell("Hungarian")
        others = [
            measure(kind, learn(kind, sizes[-1], other), other)
            for kind in kinds[:: setting.pick(3, len(kinds))]
        ]
    found = _correlations(points, len(kinds), setting.pick(DRAWS, 50))
    tables = (
        _metric_table("Turkish", points),
        _correlation_table(found, len(kinds)),
        _metric_table("Hungarian, lexicon from gold segmentations", others),
    )
    return Findings(tables, _checks(found), (*_notes(language, other), _power(found, len(kinds))))


def _turkish(setting: Setting) -> Language:
    data = setting.data
    gold = read_gold(data.file("morphology/morphscore/turkish_morph_data.csv"))
    declaration = declarations(data)["tur_Latn"].split("\n")
    lines = [*flores(data)["tur_Latn"], *declaration, *corpora.turkish(data)]
    return _language(setting, lines, turkish(data).thinned(setting.pick(1, 50)), gold)


def _hungarian(setting: Setting) -> Language:
    data = setting.data
    gold = read_gold(data.file("morphology/sigmorphon2022seg/hun.word.dev.tsv"))
    return _language(setting, flores(data)["hun_Latn"], lexicon_of(gold), gold[:2000])


def _language(
    setting: Setting, lines: Sequence[str], lexicon: Lexicon, gold: Sequence[GoldWord]
) -> Language:
    learnt, held = split(blocks(lines)[: setting.pick(None, 12)], held=0.2)
    return Language(learnt, held, lexicon, align_all(gold[: setting.pick(None, 60)]))


def learn(name: str, size: int, language: Language) -> Tokenizer:
    """A tokenizer of the language; those that are given a list have it from the lexicon."""
    kind, options = LEARNERS[name]
    if "roots" in options:
        lexicon = language.lexicon.thinned(options["roots"])
        options = {"roots": sorted(lexicon.roots), "suffixes": sorted(lexicon.suffixes)}
    return learner(kind, vocab_size=size, **options).learn(language.learnt)


def measure(kind: str, tokenizer: Tokenizer, language: Language) -> Point:
    """The five metrics of the paper and boundaries, over all text of the language."""
    texts = [*language.learnt, *language.held]
    shares = lexicon_shares(
        tokenizer,
        texts,
        words=language.lexicon.valid(_pieces(tokenizer)),
        morphemes=language.lexicon.morphemes,
    )
    speed = encode_speeds({kind: tokenizer}, Sample.of(text.encode() for text in texts))[kind]
    return Point(
        kind=kind,
        size=tokenizer.n_vocab,
        tokens=int(tokenizer.count_batch(texts).sum()),
        seconds=1 / speed.value,
        words_by_type=shares.words_by_type,
        words_by_token=shares.words_by_token,
        pure_by_type=shares.pure_by_type,
        pure_by_token=shares.pure_by_token,
        f1=boundary_scores(tokenizer, language.gold, replicates=10).f1.value,
    )


def _pieces(tokenizer: Tokenizer) -> set[str]:
    """Pieces as `lexicon_shares` reads them."""
    pieces = filter(None, tokenizer.vocabulary.pieces)
    return {piece.decode("utf-8", "replace").strip().lower() for piece in pieces}


def _bits(
    setting: Setting, name: str, tokenizer: Tokenizer, language: Language
) -> tuple[float, ...]:
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = setting.pick(
        Shape(width=64, layers=1, context=64), Shape(width=16, layers=1, heads=2, context=64)
    )
    passes = Passes(rate=4e-3, batch=8, passes=setting.pick(PASSES, 1))
    return bits_under(setting, name, tokenizer, language.learnt, language.held, shape, passes)


@dataclass(frozen=True)
class Correlations:
    """Of each metric with quality, mean of the sizes; and a difference."""

    metrics: Mapping[str, Estimate]
    words_over_pure: Estimate  # %TR less %Pure, by type


def _correlations(points: Sequence[Point], kinds: int, draws: int) -> Correlations:
    bits = np.array([point.bits for point in points]).reshape(kinds, -1, len(points[0].bits))
    values = {
        name: np.array([getattr(point, field) for point in points], np.float64).reshape(kinds, -1)
        for name, field in METRICS.items()
    }

    def correlation(name: str) -> Statistic:
        return lambda rows, seeds: mean_spearman(
            values[name][rows], -bits[rows][:, :, seeds].mean(2)
        )

    def estimate(statistic: Statistic) -> Estimate:
        return over_groups(statistic, kinds, bits.shape[2], draws)

    words, pure = correlation("%TR by type"), correlation("%Pure by type")
    return Correlations(
        {name: estimate(correlation(name)) for name in METRICS},
        estimate(lambda rows, seeds: words(rows, seeds) - pure(rows, seeds)),
    )


Statistic = Callable[[NDArray[np.int64], NDArray[np.int64]], float]


def _checks(found: Correlations) -> tuple[Check, ...]:
    words, pure = found.metrics["%TR by type"], found.metrics["%Pure by type"]
    return (
        check(
            "%TR goes with quality (here: Spearman with bits per byte of held-out text, fewer "
            "being better)",
            words,
            matters=MATTERS,
            found=f"{words:+.2f}",
        ),
        check(
            "%TR goes with quality more closely than %Pure does",
            found.words_over_pure,
            matters=MATTERS,
            found=f"{words.value:+.2f} against {pure.value:+.2f}, difference "
            f"{found.words_over_pure:+.2f}",
        ),
    )


def _metric_table(name: str, points: Sequence[Point]) -> Table:
    columns = ("tokens", "ms a MB", *(f"{each} %" for each in list(METRICS)[:5]))
    bits = ("bits a byte",) if points[0].bits else ()
    return Table(
        f"{name}: the metrics",
        ("learner", "ids", *columns, *bits),
        tuple(_metric_row(point) for point in points),
        "ms of the processor for text that was encoded before. %TR: pieces that are a root with "
        "any suffixes, or a known word; %Pure: exactly a root or a suffix. Boundaries against "
        "gold.",
    )


def _metric_row(point: Point) -> tuple[str | int | float, ...]:
    shares = (round(100 * getattr(point, name), 2) for name in list(METRICS.values())[:5])
    bits = (round(float(np.mean(point.bits)), 4),) if point.bits else ()
    cost = (point.tokens, round(1000 * point.seconds, 1))
    return (point.kind, point.size, *cost, *shares, *bits)


def _correlation_table(found: Correlations, kinds: int) -> Table:
    rows = tuple(
        (name, round(each.value, 3), round(each.low, 3), round(each.high, 3))
        for name, each in found.metrics.items()
    )
    return Table(
        "Rank correlation of metrics with quality",
        ("metric", "Spearman", "low", "high"),
        rows,
        f"Quality: fewer bits per byte. Mean of the correlations over {kinds} learners at each "
        "size; 95% interval by drawing learners and seeds. Times vary between runs.",
    )


def _notes(language: Language, other: Language) -> tuple[str, ...]:
    return (
        f"Turkish: {size_of(language.learnt) / 1e3:,.0f} kB to learn and train on, "
        f"{size_of(language.held) / 1e3:,.0f} kB held out; that is all the Turkish text there is "
        "here. Variants of one learner count as learners, which intervals draw apart.",
        "The paper correlates over language models of different sizes and training data, with an "
        "analyser of its own; here everything but the tokenizer is equal, and quality is bits per "
        "byte, not answers to questions.",
        f"Lexicons: {len(language.lexicon.roots):,} roots and "
        f"{len(language.lexicon.suffixes):,} suffixes for Turkish, "
        f"{len(other.lexicon.roots):,} and {len(other.lexicon.suffixes):,} for Hungarian, read off "
        "the gold words. Suffixes in any order make a valid word, so %TR is an upper bound.",
    )


def _power(found: Correlations, kinds: int) -> str:
    alone, apart = (
        f"{needed(each, kinds, MATTERS):,.0f}"
        for each in (found.metrics["%TR by type"], found.words_over_pure)
    )
    return (
        f"As far as these {kinds} learners scatter, a correlation of {MATTERS} is told from none "
        f"by about {alone} learners, a difference of as much by about {apart}."
    )


EXPERIMENT = Experiment(
    name="Turkish %TR and %Pure",
    claim="Of five metrics (vocabulary size, token count, processing time, %TR, %Pure) the share "
    "of tokens that are valid words, %TR, correlates more strongly with downstream performance "
    "than the share that are exactly a root or an affix, %Pure.",
    scale="paper: tokenizers of published language models on 6,200 questions of TR-MMLU, against "
    "their scores; here: 24 learners and variants at two sizes on half of FLORES-200 dev, "
    "of the Universal Declaration and of documentation (about 0.1 MB a draw), a transformer of "
    "one layer and at most 0.2 million parameters under each, three seeds",
    baseline="%Pure, boundary F1, token count and time of the same tokenizers; BPE among them",
    needs=("flores_dev", "udhr", "morphology", "text"),
    run=run,
)
