"""Turkish by roots and suffixes, one id for all forms of a suffix, beside BPE of the same size.

Both learn from the same bytes: a part of the Turkish sentences of FLORES, the Turkish lines of the
documentation, the Universal Declaration, and the list of roots as a text. The lists of roots and
suffixes are the authors' own. Roots that are another root with -ma or -me (sökme beside sök) hide
the negation of verbs; whether they stay is chosen on words that are not scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from experiments.harness import corpora
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import measured
from experiments.harness.verdicts import Check, check, fact
from experiments.learning.turkish_data import (
    Lexicon,
    other_turkish,
    read_derivations,
    read_lexicon,
)
from tokenry.learning.bpe import Bpe
from tokenry.learning.morph import Morph
from tokenry.measuring.gold_morphs import read_morphscore
from tokenry.measuring.morphology import (
    Aligned,
    BoundaryScores,
    LexiconShares,
    align_all,
    boundary_scores,
    lexicon_shares,
)
from tokenry.text.segmenters.morph import MorphSegmenter
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import load_tokenizer

FOLD = (("I", "ı"), ("İ", "i"))
REFERENCES = {
    "cl100k": "cl100k_base.tiktoken",
    "o200k": "o200k_base.tiktoken",
    "Llama-3": "llama3_tokenizer.model",
}
HARD = ("İSTANBUL ISPARTA ısı İğne", "evlerimiz🙂den kitaplerde", "a\u0307 ğ \u0130\u0307", "\n \n")
BARE, LISTED = "roots and suffixes, hard cuts", "all roots as listed"
CLOSER = 0.01  # of F1
CHOOSING = 4  # one word of so many chooses the list of roots and is not scored
PUBLISHED = 0.403  # share of FLORES lines that the published tokenizer restores


@dataclass(frozen=True)
class Measured:
    """What one tokenizer does."""

    restored: int
    scores: BoundaryScores  # stems, MorphScore
    derived: BoundaryScores  # UniMorph
    shares: LexiconShares
    tokens: int
    residuals: int | None


def run(setting: Setting) -> Findings:
    """Learn and compare; see the module."""
    lexicon = read_lexicon(setting.data)
    lexicon = Lexicon(lexicon.roots[:: setting.pick(1, 80)], lexicon.groups)
    lines = corpora.flores(setting.data)["tur_Latn"][: setting.pick(10**9, 40)]
    learn, held = corpora.split(lines, held=0.4)
    others = other_turkish(setting.data)[: setting.pick(10**9, 20)]
    texts = [*learn, *others, " ".join(lexicon.roots)]
    rooted = read_morphscore(setting.data.file("morphology/morphscore/turkish_morph_data.csv"))
    choosing, judging = rooted[::CHOOSING], [w for at, w in enumerate(rooted) if at % CHOOSING]
    gold, derived = (
        align_all(words[: setting.pick(10**9, 40)])
        for words in (judging, read_derivations(setting.data))
    )
    size = setting.pick(32_768, 1_000)
    tokenizers = _tokenizers(setting, lexicon, texts, size)
    of_lists = {
        name: boundary_scores(tokenizers[name], align_all(choosing)).f1.value
        for name in (BARE, LISTED)
    }
    hybrid = max(of_lists, key=of_lists.__getitem__)
    found: dict[str, Measured] = {}
    for name, tokenizer in tokenizers.items():
        setting.tell(f"measuring {name}")
        found[name] = _measure(tokenizer, lines, held, (gold, derived), lexicon)
    stems = {name: each.scores for name, each in found.items()}
    affixes = {name: each.derived for name, each in found.items()}
    return Findings(
        (
            _boundaries("Boundaries of stems (MorphScore, Turkish)", gold, stems),
            _boundaries("Boundaries of affixes (UniMorph derivations, Turkish)", derived, affixes),
            _tokens(found, len(held), corpora.size_of(held)),
            _shares(found),
        ),
        (
            _round_trip(found[hybrid], len(lines)),
            _above_bpe("those of stems (MorphScore)", stems, hybrid),
            _above_bpe("those of derivational affixes (UniMorph)", affixes, hybrid),
            _purest(found, hybrid),
        ),
        (*_notes(size, texts), _price(found, hybrid), _choice(of_lists, hybrid)),
    )


def _tokenizers(
    setting: Setting, lexicon: Lexicon, texts: Sequence[str], size: int
) -> dict[str, Tokenizer]:
    setting.tell("learning")
    words: dict[str, object] = {"vocab_size": size, "fold": FOLD, "threads": 1}
    lists = {"roots": lexicon.bare_roots, "allomorphs": lexicon.groups}
    options: Mapping[str, dict[str, object]] = {
        BARE: {**words, **lists},
        "roots and suffixes, half of the text whole": {**words, **lists, "whole_share": 0.5},
        LISTED: {**words, **lists, "roots": lexicon.roots},
        "suffixes, stems found": {**words, "allomorphs": lexicon.groups},
        "all found": words,
    }
    learnt = {name: Morph(**each).learn(texts) for name, each in options.items()}  # type: ignore[arg-type]
    references = {
        name: load_tokenizer(str(setting.data.file(f"tokenizers/{file}")))
        for name, file in list(REFERENCES.items())[: setting.pick(None, 1)]
    }
    return {"BPE": Bpe(vocab_size=size, threads=1).learn(texts), **learnt, **references}


def _measure(
    tokenizer: Tokenizer,
    lines: Sequence[str],
    held: Sequence[str],
    gold: tuple[Aligned, Aligned],
    lexicon: Lexicon,
) -> Measured:
    restored = sum(tokenizer.decode(tokenizer.encode(line)) == line for line in (*lines, *HARD))
    ids = tokenizer.encode_batch(held, threads=1).ids
    shared = getattr(tokenizer.segmenter, "shared", None)
    residuals = None
    if isinstance(tokenizer.segmenter, MorphSegmenter) and shared is not None:
        residuals = int((ids >= shared.first_form).sum())
    stems, derived = (boundary_scores(tokenizer, each) for each in gold)
    roots = frozenset(lexicon.roots)
    shares = lexicon_shares(tokenizer, held, words=roots, morphemes=lexicon.morphemes)
    return Measured(restored, stems, derived, shares, len(ids), residuals)


def _boundaries(title: str, gold: Aligned, found: Mapping[str, BoundaryScores]) -> Table:
    rows = tuple(
        (name, round(s.precision.value, 4), round(s.recall.value, 4), round(s.f1.value, 4),
         _interval(s), round(s.morphscore, 4), round(s.tokens / s.words, 3))
        for name, s in found.items()
    )  # fmt: skip
    return Table(
        title,
        ("tokenizer", "precision", "recall", "F1", "F1, 95% interval", "MorphScore",
         "tokens a word"),
        rows,
        f"{len(gold.words):,} words, each after a space; {gold.dropped} dropped: no second part, "
        "or one that does not fit the word.",
    )  # fmt: skip


def _interval(scores: BoundaryScores) -> str:
    interval = scores.f1.interval
    return "" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"


def _tokens(found: Mapping[str, Measured], lines: int, size: int) -> Table:
    base = found["BPE"].tokens
    rows = tuple(
        (name, each.restored, each.tokens, round(each.tokens / base, 4),
         round(size / each.tokens, 3), each.residuals)
        for name, each in found.items()
    )  # fmt: skip
    return Table(
        "Round trip and tokens (FLORES, Turkish)",
        ("tokenizer", "lines restored", "tokens", "tokens over BPE's", "bytes a token",
         "of them residuals"),
        rows,
        f"Round trip over all 997 lines and {len(HARD)} hard ones; tokens of {lines} lines held "
        "out.",
    )  # fmt: skip


def _shares(found: Mapping[str, Measured]) -> Table:
    rows = tuple(
        (name, round(s.words_by_type, 4), round(s.words_by_token, 4), round(s.pure_by_type, 4),
         round(s.pure_by_token, 4), round(s.letters / s.tokens, 4))
        for name, s in ((name, each.shares) for name, each in found.items())
    )  # fmt: skip
    return Table(
        "Tokens that are words, and tokens that are exactly a root or a suffix (held-out lines)",
        ("tokenizer", "%TR by type", "%TR by token", "%Pure by type", "%Pure by token",
         "tokens of one letter"),
        rows,
        "Shares between 0 and 1, of tokens with a letter, in lower case.",
    )  # fmt: skip


def _round_trip(hybrid: Measured, lines: int) -> Check:
    total = lines + len(HARD)
    return fact(
        "every line comes back, which 40% of lines do from the published tokenizer",
        f"{hybrid.restored} of {total} lines",
        holds=hybrid.restored == total,
        in_direction=hybrid.restored / total > PUBLISHED,
    )


def _above_bpe(what: str, found: Mapping[str, BoundaryScores], name: str) -> Check:
    hybrid, bpe = measured(found[name].f1), measured(found["BPE"].f1)
    return check(
        f"boundaries of tokens are {what} more often than BPE's of the same size (F1)",
        hybrid - bpe,
        matters=CLOSER,
        found=f"F1 {hybrid:.3f} against {bpe:.3f}",
    )


def _purest(found: Mapping[str, Measured], hybrid: str) -> Check:
    ours = found[hybrid].shares
    others = [found[name].shares for name in ("BPE", *REFERENCES) if name in found]
    tr = max(each.words_by_type for each in others), max(each.words_by_token for each in others)
    pure = max(each.pure_by_type for each in others), max(each.pure_by_token for each in others)
    return fact(
        "the shares of Turkish words (published: 90.29%) and of pure morphemes (85.8%) among the "
        "tokens are the highest of all compared",
        f"%TR {ours.words_by_type:.1%} by type ({tr[0]:.1%} the best other), "
        f"{ours.words_by_token:.1%} by token ({tr[1]:.1%}); %Pure {ours.pure_by_type:.1%} by type "
        f"({pure[0]:.1%}), {ours.pure_by_token:.1%} by token ({pure[1]:.1%})",
        holds=min(
            ours.words_by_type - tr[0],
            ours.words_by_token - tr[1],
            ours.pure_by_type - pure[0],
            ours.pure_by_token - pure[1],
        )
        > 0,
        in_direction=ours.pure_by_type > pure[0] and ours.pure_by_token > pure[1],
    )


def _notes(size: int, texts: Sequence[str]) -> tuple[str, ...]:
    return (
        f"{size:,} ids each at most (the text runs out of pairs before); learnt from "
        f"{corpora.size_of(texts):,} bytes, which is little: the references were learnt from "
        "far more text and have 100,000 to 200,000 ids.",
        "MorphScore knows one boundary of a word, that of the stem; cuts right of it are not "
        "judged, so precision says how often the stem itself is cut. Its stems hold voice "
        "suffixes (öldür-t-ül), which count as wrong where they are cut off.",
        "%TR takes the list of roots for all words of Turkish; the paper uses an analyser, and "
        "the questions of TR-MMLU, which are not here.",
        f"The published tokenizer restores {PUBLISHED:.1%} of 1,012 lines of FLORES devtest "
        "(measured for the notes of this project, not in this run).",
    )


def _choice(of_lists: Mapping[str, float], hybrid: str) -> str:
    scores = ", ".join(f"{name} {score:.3f}" for name, score in of_lists.items())
    return (
        f"Whether roots in -ma and -me stay was chosen on every {CHOOSING}th word of MorphScore, "
        f"which is not scored, by F1: {scores}; chosen: {hybrid}. The idea came from words of an "
        "earlier run, some of which are scored here."
    )


def _price(found: Mapping[str, Measured], hybrid: str) -> str:
    tokens = {name: each.tokens for name, each in found.items()}
    others = ", ".join(
        f"{tokens[hybrid] / tokens[name] - 1:+.0%} to {name}"
        for name in REFERENCES
        if name in tokens
    )
    return (
        f"The price in tokens of {hybrid}: {tokens[hybrid] / tokens['BPE'] - 1:+.1%} to BPE of the "
        f"same size and text; {others}."
    )


EXPERIMENT = Experiment(
    name="Tokens with Meaning",
    claim="A tokenizer of roots, suffixes that share an id with all their forms, and BPE for the "
    "rest has the highest share of Turkish words (90.29%) and of pure morphemes (85.8%) among its "
    "tokens on TR-MMLU. Here it must also restore every text, and keep to the boundaries of "
    "morphemes better than BPE.",
    scale="Paper: 32,768 ids (22,231 roots on 20,000 ids, 177 forms of 72 suffixes, 12,696 pieces "
    "of BPE). Here: 32,768 ids at most, 0.3 MB of Turkish, the same lists; 997 sentences of "
    "FLORES dev, of which two fifths are held out; 1,993 words of MorphScore and 1,643 "
    "derivations of UniMorph. Deterministic.",
    baseline="Byte-level BPE of the same size, learnt from the same bytes, the list of roots "
    "included.",
    needs=("flores_dev", "text", "udhr", "morphology", "tokenizers"),
    run=run,
)
