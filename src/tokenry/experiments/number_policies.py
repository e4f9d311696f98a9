"""Groups of digits from the right, from the left, and single digits, under a model that adds.

Source: Singh, Strouse 2024, "Tokenization counts: the impact of tokenization on arithmetic in
frontier LLMs", arXiv:2402.14903. There a finished model is asked; here small ones are trained from
nothing, each on the same sums, cut by one policy.

Numbers and groups are scaled down together: two digits a group instead of three, addends of 3 and 4
digits instead of 7 to 9, so that numbers still have a first group that is whole or not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tokenry.experiments.experiment import Experiment, Findings, Setting, Table, check
from tokenry.text.bpe import BytePairSegmenter
from tokenry.text.splitting import NativePretokenizer
from tokenry.text.tokenizer import Tokenizer
from tokenry.vocabulary import Vocabulary

POLICIES: Final = ("r2l2", "l2r2", "single")
DIGITS: Final = (3, 4)
HELD_OUT: Final = 2_000
LONGEST: Final = 8  # ids of an answer
Sums = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Score:
    """Shares of right answers: all, where the sum is longer than both addends, and the others."""

    policy: str
    seed: int
    right: float
    longer: float
    other: float
    aligned: float  # addends of the same number of digits, the others
    ids: float  # of a sum


def tokenizer_of(policy: str) -> Tokenizer:
    """All numbers of up to two digits, ``+`` and ``=``: one vocabulary for all policies."""
    numbers = [f"{n:0{size}d}".encode() for size in (1, 2) for n in range(10**size)]
    vocabulary = Vocabulary([*numbers, b"+", b"="])
    return Tokenizer(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_ranks(vocabulary),
        pretokenizer=NativePretokenizer(f"o200k+{policy}"),
        lossless=False,
        name=policy,
    )


def draw(count: int, seed: int) -> Sums:
    """Distinct pairs of addends, shape (n, 2), whose numbers of digits are equally likely."""
    rng = np.random.default_rng(seed)
    low = 10 ** (rng.integers(DIGITS[0], DIGITS[1] + 1, (count * 5 // 4, 2)) - 1)
    pairs: Sums = np.unique(rng.integers(low, low * 10), axis=0)
    return rng.permutation(pairs)[:count]


def texts(pairs: Sums) -> tuple[list[str], list[str]]:
    """``a+b=`` and the sum."""
    rows = pairs.tolist()
    return [f"{a}+{b}=" for a, b in rows], [str(a + b) for a, b in rows]


def run(setting: Setting) -> Findings:
    """Train each policy on the same sums with the same seeds, and ask for sums never seen."""
    pairs = draw(setting.pick(400_000, 1_500) + HELD_OUT, seed=1)
    train, held = pairs[HELD_OUT:], pairs[: setting.pick(HELD_OUT, 200)]
    scores = []
    for seed in setting.pick(setting.seeds, setting.seeds[:1]):
        for policy in POLICIES:
            setting.tell(f"adding with {policy}, seed {seed}")
            scores.append(_score(policy, seed, train, held))
    return _findings(scores, len(train))


def _score(policy: str, seed: int, train: Sums, held: Sums) -> Score:
    from tokenry.experiments.small_models import Schedule, Shape, give_answers, train_answers

    tokenizer = tokenizer_of(policy)
    prompts, answers = (tokenizer.encode_batch(each) for each in texts(train))
    model = train_answers(
        list(prompts),
        list(answers),
        len(tokenizer.vocabulary),
        shape=Shape(width=64, layers=2, heads=4, context=32),
        schedule=Schedule(rate=1e-2, batch=128),
        seed=seed,
    )
    asked, wanted = texts(held)
    given = give_answers(model, [tokenizer.encode(each) for each in asked], LONGEST)
    size = len(tokenizer.vocabulary)  # the end mark is no text; an answer with it inside is wrong
    found = [tokenizer.decode([id_ for id_ in row if id_ < size]) for row in given]
    right = np.array([one == other for one, other in zip(found, wanted, strict=True)])
    digits = np.vectorize(lambda n: len(str(n)))(held)
    longer = np.array([len(each) for each in wanted]) > digits.max(axis=1)
    ids = (prompts.offsets[-1] + answers.offsets[-1]) / len(train)
    same = digits[:, 0] == digits[:, 1]
    return Score(
        policy,
        seed,
        right=float(right.mean()),
        longer=float(right[longer].mean()),
        other=float(right[~longer].mean()),
        aligned=float(right[same].mean()),
        ids=float(ids),
    )


def _findings(scores: list[Score], examples: int) -> Findings:
    def of(policy: str, what: str) -> list[float]:
        return [getattr(each, what) for each in scores if each.policy == policy]

    def mean(policy: str, what: str) -> float:
        return float(np.mean(of(policy, what)))

    rows = tuple(
        (
            policy,
            *(
                round(100 * mean(policy, what), 1)
                for what in ("right", "longer", "other", "aligned")
            ),
            round(100 * min(of(policy, "right")), 1),
            round(100 * max(of(policy, "right")), 1),
            round(mean(policy, "ids"), 1),
        )
        for policy in POLICIES
    )
    seeds = ((s.policy, s.seed, round(100 * s.right, 1), round(100 * s.longer, 1)) for s in scores)
    gap = mean("r2l2", "right") - mean("l2r2", "right")
    apart = min(of("r2l2", "right")) > max(of("l2r2", "right"))
    fall = {p: mean(p, "other") - mean(p, "longer") for p in POLICIES}
    return Findings(
        tables=(
            Table(
                "Right answers by number policy",
                ("policy", "all %", "longer sum %", "other %", "addends of one length %",
                 "worst seed %", "best seed %", "ids a sum"),
                rows,
                f"{examples} training sums each; a longer sum has one digit more than its addends.",
            ),
            Table("By seed", ("policy", "seed", "all %", "longer sum %"), tuple(seeds)),
        ),
        checks=(
            check(
                "groups from the right add better than groups from the left (published: 97.8% "
                "against 75.6%, a gap of 22 points)",
                f"{100 * mean('r2l2', 'right'):.1f}% against {100 * mean('l2r2', 'right'):.1f}%, a "
                f"gap of {100 * gap:.1f} points; every seed on its side: {apart}",
                holds=gap >= 0.1 and apart,
                in_direction=gap > 0,
            ),
            check(
                "from the left, sums longer than their addends are where it fails (published: 8% "
                "right), from the right they are not",
                f"right answers fall by {100 * fall['l2r2']:.1f} points from the left, "
                f"by {100 * fall['r2l2']:.1f} from the right",
                holds=fall["l2r2"] >= 2 * max(fall["r2l2"], 0) and fall["l2r2"] >= 0.1,
                in_direction=fall["l2r2"] > fall["r2l2"],
            ),
        ),
        notes=(
            f"Single digits, same number of sums: {100 * mean('single', 'right'):.1f}% right. "
            "They take more ids, so the model reads more and looks further back; the paper says "
            "nothing of a model trained so from nothing.",
            "The published figures are of GPT-3.5, which knew groups from the left; there "
            "groups from the right were forced by commas. They are recalled, not quoted.",
        ),
    )  # fmt: skip


EXPERIMENT: Final = Experiment(
    id="S035",
    systems=("S035",),
    name="Tokenization counts",
    source="Singh, Strouse 2024, Tokenization counts: the impact of tokenization on arithmetic "
    "in frontier LLMs, arXiv:2402.14903",
    claim="A model adds better where digits are grouped from the right than from the left "
    "(recalled: GPT-3.5, 7 to 9 digits, 97.8% against 75.6%), and from the left it fails above "
    "all where the sum is longer than its addends (8%).",
    scale="Paper: GPT-3.5 and GPT-4, groups of three, 7 to 9 digits. Here: 2 layers of width 64 "
    "trained from nothing on 400,000 sums, groups of two, 3 and 4 digits, 3 seeds, 2,000 sums "
    "held out.",
    baseline="The same model, sums, order, steps and vocabulary with groups from the left, and "
    "with single digits.",
    needs=(),
    run=run,
    extra="neural",
)
