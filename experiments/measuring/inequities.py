"""S065: token premiums by vocabulary size, the sizes that even them out, and superwords."""

from __future__ import annotations

import re
import warnings
from collections.abc import Mapping, Sequence
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import flores
from experiments.harness.data import Data
from experiments.harness.experiment import Check, Experiment, Findings, Setting, Table, check
from tokenry.learning import Bpe, SmallerVocabularyWarning, SuperBpe
from tokenry.measuring import LanguageSize, gini, language_sizes
from tokenry.tokenizer import Tokenizer

Floats = NDArray[np.float64]
REFERENCE = "eng_Latn"
BLOCK = 20  # neighbouring sentences of FLORES come from one article and stay on one side
SIZES = (384, 512, 768, 1024, 1536, 2048, 3072)
COMMON = 1024
DRAWS = 2000
# The published splitter of step 2 counts combining marks as punctuation, and so cuts words of
# scripts that stack them; this one does not.
MARKS_IN_WORDS = r"\p{N}{1,3}| ?[^\s\p{L}\p{M}\p{N}]{2,}[\r\n/]*| +(?!\S)"
Lines = Mapping[str, Sequence[str]]


def run(setting: Setting) -> Findings:
    """One tokenizer a language from translations of the same sentences; measured on others."""
    lines = flores(setting.data)
    chosen = setting.pick(
        sorted(lines), [REFERENCE, "deu_Latn", "mya_Mymr", "zho_Hans", "hin_Deva"]
    )
    sizes, common = setting.pick((SIZES, COMMON), ((320, 384, 448, 512), 384))
    learnt = {language: _side(lines[language], 0) for language in chosen}
    held = {language: _side(lines[language], 1) for language in chosen}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SmallerVocabularyWarning)
        setting.tell(f"learning BPE in {len(chosen)} languages")
        largest = {each: Bpe(vocab_size=sizes[-1]).learn(learnt[each]) for each in chosen}
        # Curves are fitted on every second held-out sentence, and put to the others.
        fitted = {each: _by_size(largest[each], held[each][::2], sizes) for each in chosen}
        others = {each: held[each][1::2] for each in chosen}
        counts = {each: _by_size(largest[each], others[each], sizes) for each in chosen}
        rows = _optimal(fitted, common)
        chosen_sizes = {row.language: row.size or sizes[-1] for row in rows}
        evened = _at(largest, others, {each: chosen_sizes[each] for each in chosen})
        supers = {}
        for name, splitter in (("published", "superbpe"), ("marks in words", MARKS_IN_WORDS)):
            setting.tell(f"learning SuperBPE, splitter of step 2: {name}")
            supers[name] = _superwords(learnt, others, sizes[-1], splitter)
    before, plain = _totals(counts, common), _totals(counts, sizes[-1])
    tables = (
        _size_table(counts, sizes, evened),
        _superword_table(plain, supers, sizes[-1]),
        _other_text(setting.data, largest, rows, common),
        _language_table(rows, common),
    )
    return Findings(tables, _checks(before, evened, plain, supers, common), _notes(rows))


def _side(lines: Sequence[str], side: int) -> list[str]:
    return [line for at, line in enumerate(lines) if at // BLOCK % 2 == side]


def _by_size(tokenizer: Tokenizer, held: Sequence[str], sizes: Sequence[int]) -> dict[int, int]:
    return {size: int(tokenizer.truncate(size).count_batch(held).sum()) for size in sizes}


def _optimal(counts: Mapping[str, Mapping[int, int]], common: int) -> tuple[LanguageSize, ...]:
    """Sizes at which every language has the tokens of the median language at ``common``."""
    base = counts[REFERENCE][common]
    target = float(np.median([tokens[common] / base for tokens in counts.values()]))
    return language_sizes(counts, REFERENCE, size=common, target=target)


def _at(largest: Mapping[str, Tokenizer], held: Lines, sizes: Mapping[str, int]) -> Floats:
    """Tokens by language, each at its own size."""
    cut = {language: largest[language].truncate(size) for language, size in sizes.items()}
    return np.array([cut[each].count_batch(held[each]).sum() for each in sizes], dtype=np.float64)


def _totals(counts: Mapping[str, Mapping[int, int]], size: int) -> Floats:
    return np.array([tokens[size] for tokens in counts.values()], dtype=np.float64)


def _superwords(learnt: Lines, held: Lines, size: int, splitter: str) -> Floats:
    learner = SuperBpe(vocab_size=size, pretokenizer="o200k", superword_pretokenizer=splitter)
    found = [int(learner.learn(learnt[each]).count_batch(held[each]).sum()) for each in learnt]
    return np.array(found, dtype=np.float64)


def spread(tokens: Floats) -> float:
    """Standard deviation over languages, as a share of the mean."""
    return float(tokens.std() / tokens.mean())


def spread_ratio(before: Floats, after: Floats) -> tuple[float, float, float]:
    """Spread after over spread before, and its 95% interval over languages."""
    draw = np.random.default_rng(0).integers(len(before), size=(DRAWS, len(before)))
    # A draw of one language alone has no spread and says nothing.
    drawn = (rows for rows in draw if spread(before[rows]) > 0)
    ratios = [spread(after[rows]) / spread(before[rows]) for rows in drawn]
    low, high = np.quantile(ratios, [0.025, 0.975])
    return spread(after) / spread(before), float(low), float(high)


def _checks(
    before: Floats, evened: Floats, plain: Floats, supers: Mapping[str, Floats], common: int
) -> tuple[Check, ...]:
    widest = float(before.max() / before.min())
    ratio, low, high = spread_ratio(before, evened)
    superwords = supers["marks in words"]
    saved = 1 - superwords / plain
    error = 1.96 * float(saved.std(ddof=1)) / np.sqrt(len(saved))
    s_ratio, s_low, s_high = spread_ratio(plain, superwords)
    return (
        check(
            "tokenizers of one language each, of one size and from equal content, still differ "
            "widely in tokens (here: the dearest at least 1.25 times the cheapest)",
            f"the dearest language has {widest:.2f} times the tokens of the cheapest at {common:,} "
            "ids",
            holds=widest >= 1.25,
            in_direction=widest > 1,
        ),
        check(
            "a size for each language, from a fitted curve, significantly reduces the differences",
            f"the spread is {ratio:.0%} of what it was (95% interval {low:.0%} to {high:.0%})",
            holds=high < 1,
            in_direction=ratio < 1,
        ),
        check(
            "superwords improve compression overall",
            f"{saved.mean():.1%} fewer tokens on average over languages (± {error:.1%})",
            holds=saved.mean() - error > 0,
            in_direction=bool(saved.mean() > 0),
        ),
        check(
            "superwords reduce the differences",
            f"the spread is {s_ratio:.0%} of BPE's (95% interval {s_low:.0%} to {s_high:.0%})",
            holds=s_high < 1,
            in_direction=s_ratio < 1,
        ),
    )


def _size_table(
    counts: Mapping[str, Mapping[int, int]], sizes: Sequence[int], evened: Floats
) -> Table:
    rows: list[tuple[str, float, float, float, float]] = [
        _spread_row(f"{size:,}", _totals(counts, size)) for size in sizes
    ]
    rows.append(_spread_row("one for each language", evened))
    return Table(
        "Tokens of held-out sentences, over languages",
        ("ids", "mean tokens", "spread", "Gini", "dearest / cheapest"),
        tuple(rows),
        "Spread is the standard deviation over languages as a share of the mean.",
    )


def _spread_row(name: str, tokens: Floats) -> tuple[str, float, float, float, float]:
    wide = float(tokens.max() / tokens.min())
    return (
        name,
        round(float(tokens.mean())),
        round(spread(tokens), 4),
        round(gini(tokens), 4),
        round(wide, 3),
    )


def _superword_table(plain: Floats, supers: Mapping[str, Floats], size: int) -> Table:
    rows = [_spread_row("BPE", plain)]
    rows += [_spread_row(f"SuperBPE, {name}", tokens) for name, tokens in supers.items()]
    return Table(
        f"Superwords at {size:,} ids",
        ("learner", "mean tokens", "spread", "Gini", "dearest / cheapest"),
        tuple(rows),
        "The published splitter of step 2 takes two combining marks in a row for punctuation and "
        "cuts there; 'marks in words' takes them for parts of words. The checks use the latter.",
    )


def _language_table(rows: Sequence[LanguageSize], common: int) -> Table:
    return Table(
        "Premium over English, and the size that brings a language to the median premium",
        ("language", f"premium at {common:,} ids", "size", "power", "floor", "largest error"),
        tuple(
            (
                row.language,
                round(row.premium, 3),
                row.size,
                row.curve.power,
                round(row.curve.floor),
                round(row.curve.error, 4),
            )
            for row in rows
        ),
        "Curve: tokens = floor + scale * size**-power. The size is also the one for English.",
    )


def _other_text(
    data: Data, largest: Mapping[str, Tokenizer], rows: Sequence[LanguageSize], common: int
) -> Table:
    """The same tokenizers on text of another kind: the Universal Declaration of Human Rights."""
    texts = {name: text for name, text in declarations(data).items() if name in largest}
    equal = np.array(
        [largest[name].truncate(common).count(text) for name, text in texts.items()], np.float64
    )
    sizes = {row.language: row.size for row in rows}
    own = np.array(
        [
            largest[name].truncate(sizes[name] or len(largest[name].vocabulary)).count(text)
            for name, text in texts.items()
        ],
        np.float64,
    )
    return Table(
        f"The Universal Declaration of Human Rights in {len(texts)} of the languages",
        ("ids", "mean tokens", "spread", "Gini", "dearest / cheapest"),
        (_spread_row(f"{common:,}", equal), _spread_row("one for each language", own)),
        "Legal text, with tokenizers and sizes from FLORES.",
    )


def declarations(data: Data) -> dict[str, str]:
    """The declaration by FLORES language, where both exist."""
    names = {path.stem.split("_")[0]: path.stem for path in data.files("flores_dev")}
    names |= {"cmn_hans": "zho_Hans", "cmn_hant": "zho_Hant"}
    found: dict[str, str] = {}
    for path in data.files("udhr", "*.xml"):
        code = path.stem.removeprefix("udhr_")
        language = names.get(code) or names.get(code.split("_")[0])
        if language is not None and code.split("_")[0] != "zho":
            found[language] = _text_of(path)
    return dict(sorted(found.items()))


def _text_of(path: Path) -> str:
    root = ElementTree.fromstring(re.sub(r' xmlns="[^"]+"', "", path.read_text("utf-8"), count=1))
    parts = (element.text or "" for element in root.iter() if element.tag in ("title", "para"))
    return "\n".join(part.strip() for part in parts if part.strip())


def _notes(rows: Sequence[LanguageSize]) -> tuple[str, ...]:
    unreached = [row.language for row in rows if row.size is None]
    return (
        "About 500 sentences a language to learn from, of which no pair of words occurs often: "
        "superwords have little to gain here, and vocabularies end at 3,072 ids. The paper learns "
        "from 300 MB a language; equal content is by scaled bytes there, and here the sentences "
        "are translations of each other.",
        "Languages that no size brought to the target: " + (", ".join(unreached) or "none") + ".",
    )


EXPERIMENT = Experiment(
    name="Crosslingual tokenizer inequities",
    claim="Tokenizers of one language each differ widely in the tokens of parallel text, also with "
    "equal vocabulary and data; a vocabulary size for each language, from a fitted curve, reduces "
    "the differences significantly; superwords reduce them too and improve compression.",
    scale="paper: about 7,000 tokenizers in 97 languages; here: 63 languages, half of FLORES-200 "
    "dev (about 500 sentences, blocks of 20) to learn from, a quarter to fit curves, a quarter to "
    "measure; 384 to 3,072 ids",
    baseline="BPE of equal size in every language, from the same sentences",
    needs=("flores_dev", "udhr"),
    run=run,
)
