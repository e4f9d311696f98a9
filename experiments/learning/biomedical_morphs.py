"""Biomedical words cut at their morphemes, beside plain BPE, and small models over both.

The gold is made here: a list of combining forms, prefixes and suffixes of Greek and Latin medicine,
and English words of SIGMORPHON 2022 whose morphemes hold one of the forms. The learner gets the
list, BPE does not; words of the gold are not given to either.

The models are small and read their abstracts twice in short batches, so that they learn in hundreds
of steps what one pass of long batches leaves to chance: with 80 steps, seeds scattered by 4%.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Final

from experiments.harness import corpora
from experiments.harness.data import Data
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import measured, over_seeds
from experiments.harness.trained import bits_under
from experiments.harness.verdicts import Check, check, check_bounded
from tokenry.learning.bpe import Bpe
from tokenry.learning.morph import Morph
from tokenry.measuring.gold_morphs import GoldWord, read_sigmorphon
from tokenry.measuring.morphology import Aligned, BoundaryScores, align_all, boundary_scores
from tokenry.neural.recipes.sizes import Passes, Shape
from tokenry.tokenizer import Tokenizer

_STEMS: Final = (
    "abdomin aden adip alges andr angi arteri arthr audi bacteri bil blast blephar brachi "
    "bronch carcin card cardi carp cephal cerebr cervic chol chondr chrom col colon cortic "
    "cost crani cutane cyan cyst cyt dactyl dent derm dermat duoden encephal enter erythr "
    "esthes fibr gastr gen genit gingiv gloss glyc gluc gynec hem hemat hepat hist hydr "
    "hyster immun kerat kinet lact lapar laryng leuk lip lith lymph mamm mast melan mening "
    "metr morph my myc myel nas necr nephr neur nucle ocul odont onc ophthalm oste ot ovari "
    "pancreat path ped phag pharmac pharyng phleb phot phren physi plasm pneum pneumon proct "
    "psych pulmon py pyel pyr radi ren rhin sarc scler sept somat spermat splen spondyl stern "
    "stomat tend thorac thromb thyr tox trache troph ur ureter urethr uter vascul vas ven "
    "vertebr vesic viscer xer"
)
_PREFIXES: Final = (
    "ab an ante anti auto bi bio brady co contra de dis dys ecto endo epi eu exo extra hemi "
    "hetero homo hyper hypo in inter intra iso macro mega meta micro mono multi neo non oligo "
    "over pan para per peri poly post pre pro pseudo re retro semi sub super supra tachy "
    "trans tri ultra un uni"
)
_SUFFIXES: Final = (
    "able ac al algia an ant ar ary ate ation centesis cele cide cyte cytes cytic desis dynia "
    "ectasis ectomy ed emia er esis form genesis genic gram graphy ia iasis iatry ible ic "
    "ical ically ide in ine ing ism ist ists itis ity ization ize ized less lysis lytic ly "
    "malacia megaly ment meter metry ness o ogen ogenesis oid ology ologic ological ologist "
    "oma opia or ory ose osis otic ostomy otomy ous paresis pathy penia pexy phasia philia "
    "phobia plasia plasty plegia pnea ptosis rrhage rrhea s scope scopy sclerosis stasis "
    "stenosis therapy tion tome toxic trophy ual uria"
)
STEMS, PREFIXES, SUFFIXES = (tuple(each.split()) for each in (_STEMS, _PREFIXES, _SUFFIXES))
ARMS = ("BPE", "morphemes, hard cuts")
SOFT = "morphemes, half of the text whole"
FOUND = "morphs found, no list"
PASSES = Passes(batch=8, passes=2)
NOTABLE = 0.01  # of bits per byte: what would be an improvement
CLOSER = 0.01  # of F1


@dataclass(frozen=True)
class Arm:
    """A tokenizer with what was measured of it."""

    scores: BoundaryScores
    tokens: int
    bits: tuple[float, ...]  # per byte of held-out text, one a seed


def biomedical_gold(data: Data) -> list[GoldWord]:
    """English words of SIGMORPHON of which a morpheme begins with a combining form of 4 letters."""
    forms = tuple(stem for stem in STEMS if len(stem) >= 4)
    names = ("eng.word.dev.tsv", "eng.word.test.gold.tsv")
    words = [
        word
        for name in names
        for word in read_sigmorphon(data.file(f"morphology/sigmorphon2022seg/{name}"))
    ]
    return [word for word in words if any(morph.lower().startswith(forms) for morph in word.morphs)]


def run(setting: Setting) -> Findings:
    """Learn, measure boundaries, train models; see the module."""
    documents = corpora.biomedical(setting.data)
    learn, held = corpora.split(documents, held=0.15)
    learn = corpora.first_bytes(learn, setting.pick(10**9, 20_000))
    held = held[: setting.pick(10**9, 4)]
    gold = align_all(biomedical_gold(setting.data)[: setting.pick(10**9, 60)])
    seen = _seen(gold, learn)
    size = setting.pick(2_000, 500)
    tokenizers = _tokenizers(learn, size)
    arms: dict[str, Arm] = {}
    for name, tokenizer in tokenizers.items():
        setting.tell(f"boundaries of {name}")
        bits = _bits(setting, name, tokenizer, learn, held) if name in ARMS else ()
        arms[name] = Arm(
            boundary_scores(tokenizer, gold), int(tokenizer.count_batch(held).sum()), bits
        )
    own = {name: boundary_scores(tokenizer, seen) for name, tokenizer in tokenizers.items()}
    return Findings(
        (
            _boundaries("Biomedical words of SIGMORPHON 2022", arms, gold),
            _boundaries("Those of them that the abstracts have", arms, seen, own),
            _models(arms, corpora.size_of(held)),
        ),
        (_better_cut(arms), _no_better(arms)),
        (
            f"{size:,} ids, learnt from {corpora.size_of(learn):,} bytes of abstracts; models of "
            f"0.2 million parameters read each byte {PASSES.passes} times. The paper pre-trains "
            "BERT on PubMed and scores tasks; here the score is bits per byte of a causal model, "
            "on equal bytes.",
            "An earlier run had 4,000 ids, models of 0.6 million parameters, one pass of 80 steps "
            "and three seeds, whose difference scattered by 4%. Sizes, passes and batch were set "
            "by their cost, no score of a model was looked at.",
            "Gold words are those with a morpheme that begins with a combining form of the list: "
            "a choice by spelling, which lets in some words that are not medical.",
            "Equality counts as shown only where the interval over seeds leaves no room for a "
            "notable improvement.",
        ),
    )


def _seen(gold: Aligned, learn: Sequence[str]) -> Aligned:
    words = set("".join(c if c.isalpha() else " " for c in " ".join(learn).lower()).split())
    kept = tuple(word for word in gold.words if word.word.lower() in words)
    return Aligned(kept, 0) if kept else gold


def _tokenizers(learn: Sequence[str], size: int) -> Mapping[str, Tokenizer]:
    joined = [f"{stem}o" for stem in STEMS]  # the vowel that joins: cardi-o-vascular
    prefixes = (*PREFIXES, *STEMS, *joined)
    hard, soft = (
        Morph(
            vocab_size=size,
            prefixes=prefixes,
            suffixes=SUFFIXES,
            whole_share=share,
            threads=1,
        )
        for share in (0.0, 0.5)
    )
    return {
        ARMS[0]: Bpe(vocab_size=size, threads=1).learn(learn),
        ARMS[1]: hard.learn(learn),
        SOFT: soft.learn(learn),
        FOUND: Morph(vocab_size=size, threads=1).learn(learn),
    }


def _bits(
    setting: Setting, name: str, tokenizer: Tokenizer, learn: Sequence[str], held: Sequence[str]
) -> tuple[float, ...]:
    shape = setting.pick(Shape(width=64, layers=2), Shape(width=16, layers=1, heads=2))
    return bits_under(setting, name, tokenizer, learn, held, shape, PASSES)


def _boundaries(
    title: str,
    arms: Mapping[str, Arm],
    gold: Aligned,
    scores: Mapping[str, BoundaryScores] | None = None,
) -> Table:
    found = scores or {name: arm.scores for name, arm in arms.items()}
    rows = tuple(
        (name, round(s.precision.value, 4), round(s.recall.value, 4), round(s.f1.value, 4),
         s.perfect, round(s.tokens / s.words, 3))
        for name, s in found.items()
    )  # fmt: skip
    ambiguous = sum(word.ambiguous for word in gold.words)
    return Table(
        title,
        ("tokenizer", "precision", "recall", "F1", "words all right", "tokens a word"),
        rows,
        f"{len(gold.words):,} words; {gold.dropped} could not be aligned; {ambiguous} have a "
        "boundary with more than one place.",
    )


def _models(arms: Mapping[str, Arm], size: int) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, arm in arms.items():
        figures: tuple[Cell, ...] = (None, None, None)
        if arm.bits:
            figures = tuple(round(f(arm.bits), 4) for f in (fmean, min, max))
        rows.append((name, arm.tokens, round(arm.tokens / arms[ARMS[0]].tokens, 4), *figures))
    return Table(
        "Held-out abstracts: tokens, and a small model over each",
        ("tokenizer", "tokens", "tokens over BPE's", "bits per byte", "lowest", "highest"),
        tuple(rows),
        f"{size:,} bytes; one model a seed.",
    )


def _better_cut(arms: Mapping[str, Arm]) -> Check:
    bpe, ours = (measured(arms[name].scores.f1) for name in ARMS)
    return check(
        "a tokenizer that is given morphemes cuts biomedical words better than BPE (F1)",
        ours - bpe,
        matters=CLOSER,
        found=f"F1 {ours:.3f} against {bpe:.3f}",
    )


def _no_better(arms: Mapping[str, Arm]) -> Check:
    """Seed by seed; those that scatter widely cannot show equality."""
    bpe, ours = (arms[name].bits for name in ARMS)
    fewer = over_seeds([1 - one / other for one, other in zip(ours, bpe, strict=True)])
    return check_bounded(
        "and a model over it is no better than one over BPE "
        f"(an improvement would be {NOTABLE:.0%} fewer bits per byte)",
        fewer,
        NOTABLE,
        found=f"{-fewer:+.2%} bits per byte, mean of {len(bpe)} seeds",
    )


EXPERIMENT = Experiment(
    name="Biomedical morpheme tokenization",
    claim="Tokenizers of biomedical models cut terms badly; one that cuts them at their morphemes "
    "does not make the model better.",
    scale="Paper: BERT pre-trained on PubMed, biomedical tasks. Here: 1,000 abstracts of PubMedQA "
    "(1.5 MB), half of them a draw, 2,000 ids, causal models of 0.2 million parameters, five "
    "seeds; English words of SIGMORPHON 2022 with a medical combining form.",
    baseline="Byte-level BPE of the same size from the same bytes; models of the same shape that "
    "read the same bytes.",
    needs=("pubmedqa", "morphology"),
    run=run,
    seeds=5,
)
