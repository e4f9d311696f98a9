"""S044: the mixture that a tokenizer was learnt from, told from its merges."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import english, flores, passages, size_of
from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of
from experiments.harness.verdicts import Check, Cost, check, check_bounded
from tokenry.learning import learner
from tokenry.measuring.mixture import Mixture, MixtureOptions, infer_mixture
from tokenry.tokenizer import Tokenizer
from tokenry.tokenizer_files import load_tokenizer

LANGUAGES: Final = (
    ("eng_Latn", "deu_Latn", "fra_Latn", "tur_Latn", "rus_Cyrl", "hin_Deva", "zho_Hans"),
    ("spa_Latn", "ita_Latn", "pol_Latn", "ukr_Cyrl", "arb_Arab", "jpn_Jpan", "kor_Hang"),
)  # of each draw
LISTS: Final[dict[str, tuple[str, str | None, str | None]]] = {
    # name: file, its pattern, and what cut the training text where that was another
    "GPT-2": ("gpt-2_tokenizer.json", None, None),
    "cl100k": ("cl100k_base.tiktoken", None, None),
    "o200k": ("o200k_base.tiktoken", None, None),
    "LLaMA": ("llama_tokenizer.json", None, None),
    "Llama 3": ("llama3_tokenizer.model", None, None),
    "Qwen": ("qwen.tiktoken", None, None),
    "BPE 200k": ("bpe_200k_merges.txt", "o200k", None),
    "SuperBPE": ("superbpe_t180k_merges.txt", "superbpe", "o200k"),
}
REAL: Final = (
    "deu_Latn", "fra_Latn", "spa_Latn", "rus_Cyrl", "tur_Latn", "jpn_Jpan", "kor_Hang", "arb_Arab",
    "hin_Deva",
)  # fmt: skip
ORDERS: Final = 2.0  # of magnitude, as published at least
MATTERS: Final = 0.5
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Trial:
    """A tokenizer of a known mixture, and what was told of it."""

    truth: Floats
    found: Mixture
    rates: Floats  # bytes a token of each category's sample

    @property
    def names(self) -> list[str]:
        """Of the categories."""
        return [name for name in self.found.mixture if name != "other"]

    @property
    def shares(self) -> Floats:
        """As inferred, the categories alone."""
        return np.array([self.found.mixture[name] for name in self.names])

    def covered(self) -> list[bool]:
        """Whether the interval of each category holds its share."""
        ends = [self.found.intervals[name] for name in self.names]
        return [e.low <= t <= e.high for e, t in zip(ends, self.truth.tolist(), strict=True)]


def run(setting: Setting) -> Findings:
    """Known mixtures of languages and of code with prose; one withheld; published merge lists."""
    names = LANGUAGES[setting.draw]
    languages = _halves(flores(setting.data), setting.pick(names, names[3:6]))
    kinds = _halves(_code_and_prose(setting), ("code", "prose"))
    draws = setting.pick((12, 8), (3, 3))
    by_language = _trials(setting, "languages", languages, draws[0], setting.pick(400_000, 120_000))
    by_kind = _trials(setting, "code and prose", kinds, draws[1], setting.pick(800_000, 120_000))
    withheld = _withheld(setting, languages)
    real = _real(setting)
    tables = (
        _known_table({"languages": by_language, "code and prose": by_kind}),
        _withheld_table(withheld),
        real,
    )
    checks = (
        _error_check("languages", by_language),
        _error_check("code and prose", by_kind),
        _other_check(withheld),
    )
    covered = [each for trial in (*by_language, *by_kind) for each in trial.covered()]
    cost = Cost(
        "intervals of 95% hold the true share of at least 80% of the categories",
        f"{np.mean(covered):.0%} of {len(covered)}",
        float(np.mean(covered)) >= 0.8,
    )
    return Findings(tables, checks, NOTES, (cost,))


Halves = Mapping[str, tuple[Sequence[str], Sequence[str]]]


def _halves(texts: Mapping[str, Sequence[str]], names: Sequence[str]) -> Halves:
    """To learn from and to infer with: every second document each."""
    return {name: (texts[name][::2], texts[name][1::2]) for name in names}


def _code_and_prose(setting: Setting) -> dict[str, list[str]]:
    files = setting.data.files("programs", "c/*.c")
    code = [part for path in files for part in passages(path.read_text("utf-8", "replace"))]
    return {"code": code, "prose": english(setting.data)[:400]}


def _learnt(
    texts: Halves, shares: Floats, size: int, merges: int
) -> tuple[Tokenizer, NDArray[np.float64]]:
    """A tokenizer of a mixture, and the shares of bytes that it had."""
    documents: list[str] = []
    sizes = []
    for (learnt, _), share in zip(texts.values(), shares.tolist(), strict=True):
        first, left = len(documents), share * size
        for document in cycle(learnt):
            if left <= 0:
                break
            documents.append(document)
            left -= len(document.encode())
        sizes.append(size_of(documents[first:]))
    tokenizer = learner("bpe", vocab_size=256 + merges).learn(documents)
    return tokenizer, np.array(sizes) / sum(sizes)


def _trials(setting: Setting, what: str, texts: Halves, draws: int, size: int) -> list[Trial]:
    """Tokenizers of drawn mixtures, and what is told of each."""
    found = []
    for seed in range(draws):
        setting.tell(f"{what}: mixture {seed + 1} of {draws}")
        shares = np.random.default_rng((44, setting.draw, seed)).dirichlet(np.ones(len(texts)))
        tokenizer, truth = _learnt(texts, shares, size, setting.pick(1000, 150))
        samples = {name: list(held) for name, (_, held) in texts.items()}
        told = infer_mixture(tokenizer, samples, MixtureOptions(replicates=12))
        rates = [size_of(held) / tokenizer.count_batch(held).sum() for held in samples.values()]
        found.append(Trial(truth, told, np.array(rates)))
    return found


def errors(trials: Sequence[Trial]) -> tuple[Floats, Floats, Floats]:
    """Mean squared error of each trial: ours, of encoding efficiency, of equal shares."""
    ours = np.array([np.mean((each.shares - each.truth) ** 2) for each in trials])
    efficient = np.array(
        [
            np.mean((by_efficiency(each, [o for o in trials if o is not each]) - each.truth) ** 2)
            for each in trials
        ]
    )
    equal = np.array([np.mean((1 / len(each.truth) - each.truth) ** 2) for each in trials])
    return ours, efficient, equal


def by_efficiency(trial: Trial, others: Sequence[Trial]) -> Floats:
    """Shares by a log-linear fit on how well the tokenizers of other known mixtures encode.

    Bytes a token of each category are taken relative to what the other tokenizers have there, which
    is more than a stranger to the tokenizer would know.
    """
    logs = np.log([each.rates for each in others])
    usual = logs.mean(axis=0)
    truths = np.log(np.maximum([each.truth for each in others], 1e-4))
    slope, start = np.polyfit((logs - usual).ravel(), truths.ravel(), 1)
    told = np.exp(slope * (np.log(trial.rates) - usual) + start)
    found: Floats = told / told.sum()
    return found


def _withheld(setting: Setting, texts: Halves) -> dict[str, tuple[float, float, float]]:
    """By language that no sample is given of: its share, what is other, and the others' error."""
    found = {}
    for number, name in enumerate(setting.pick(list(texts), list(texts)[-1:])):
        setting.tell(f"without {name}")
        shares = np.random.default_rng((45, setting.draw, number)).dirichlet(
            np.full(len(texts), 3.0)
        )
        size = setting.pick(400_000, 120_000)
        tokenizer, truth = _learnt(texts, shares, size, setting.pick(1000, 150))
        samples = {each: list(held) for each, (_, held) in texts.items() if each != name}
        told = infer_mixture(tokenizer, samples, MixtureOptions(replicates=0))
        kept = np.array([t for t, each in zip(truth, texts, strict=True) if each != name])
        inner = np.array([told.mixture[each] for each in samples])
        error = float(np.mean((inner / inner.sum() - kept / kept.sum()) ** 2))
        withheld = float(truth[list(texts).index(name)])
        found[name] = (withheld, told.mixture["other"], error)
    return found


def _real(setting: Setting) -> Table:
    """What the first merges of published tokenizers say."""
    samples = real_samples(setting)
    rows: list[tuple[Cell, ...]] = []
    for name in setting.pick(tuple(LISTS), ("GPT-2",)):
        setting.tell(f"merges of {name}")
        file, pattern, cut = LISTS[name]
        tokenizer = load_tokenizer(setting.data.file(f"tokenizers/{file}"), pattern)
        options = MixtureOptions(merges=setting.pick(1000, 60), pretokenizer=cut, replicates=0)
        told = infer_mixture(tokenizer, samples, options)
        shares = [round(100 * told.mixture[each], 1) for each in (*samples, "other")]
        rows.append((name, told.left_out, *shares, round(100 * told.fit, 1)))
    return Table(
        "Shares of bytes (%) by the first 1,000 merges of published tokenizers",
        ("tokenizer", "redundant merges left out", *samples, "other", "lack (%)"),
        tuple(rows),
        "lack: what merges need beyond what they have in the mixture. No truth is known; samples "
        "are novels, programs and news, not the web.",
    )


def real_samples(setting: Setting) -> dict[str, list[str]]:
    """Categories for published tokenizers: languages, novels and programs."""
    lines = flores(setting.data)
    kinds = _code_and_prose(setting)
    names = setting.pick(REAL, REAL[:1])
    found = {name: list(lines[name]) for name in names}
    news, chinese = list(lines["eng_Latn"]), list(lines["zho_Hans"])
    return {"English": [*news, *kinds["prose"][:150]], **found, "zho_Hans": chinese,
            "code": kinds["code"]}  # fmt: skip


def _error_check(what: str, trials: Sequence[Trial]) -> Check:
    ours, efficient, _ = errors(trials)
    effect = mean_of(np.log10(efficient) - np.log10(ours))
    return check(
        f"{what}: the mean squared error of the shares is 2 to 5 orders of magnitude below that of "
        "encoding efficiency",
        effect,
        claimed=ORDERS,
        matters=MATTERS,
        found=f"{effect:.2f} orders of magnitude; {np.median(ours):.1e} against "
        f"{np.median(efficient):.1e} (medians of {len(trials)} mixtures)",
    )


def _other_check(withheld: Mapping[str, tuple[float, float, float]]) -> Check:
    wrong = np.array([abs(other - share) for share, other, _ in withheld.values()])
    amount = mean_of(wrong)
    return check_bounded(
        "(ours) where a category is withheld, 'other' has its share of the bytes, within 5 points "
        "(loosely 10)",
        amount,
        0.05,
        loose=0.1,
        found=f"off by {100 * amount.value:.1f} points ({100 * amount.low:.1f} to "
        f"{100 * amount.high:.1f}), mean of {len(wrong)} languages; most for "
        f"{max(withheld, key=lambda name: abs(withheld[name][1] - withheld[name][0]))}",
    )


def _known_table(trials: Mapping[str, Sequence[Trial]]) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for name, some in trials.items():
        ours, efficient, equal = errors(some)
        for at, each in enumerate(some):
            other = round(100 * each.found.mixture["other"], 2)
            figures = (float(f"{x[at]:.3g}") for x in (ours, efficient, equal))
            rows.append((name, at + 1, *figures, other, sum(each.covered()), len(each.truth)))
    return Table(
        "Known mixtures: mean squared error of the shares of bytes",
        ("categories", "mixture", "ours", "encoding efficiency", "equal shares", "other (%)",
         "shares within their interval", "of"),
        tuple(rows),
    )  # fmt: skip


def _withheld_table(withheld: Mapping[str, tuple[float, float, float]]) -> Table:
    return Table(
        "One language withheld",
        ("withheld", "its share (%)", "other (%)", "squared error of the rest"),
        tuple(
            (name, round(100 * share, 1), round(100 * other, 1), float(f"{error:.3g}"))
            for name, (share, other, error) in withheld.items()
        ),
    )


NOTES: Final = (
    "Learnt from every second document, inferred with the others. Encoding efficiency is fitted on "
    "the other mixtures of the same categories, leaving the scored one out.",
    "LLaMA's merges start from characters, few of them of Han or Hangul: of text in which merges "
    "hardly occur nothing is told, and its share is 0.",
    "A withheld language that shares its alphabet with a given one is partly taken for that one.",
)

EXPERIMENT = Experiment(
    name="Data mixture inference",
    claim="The mixture of a BPE tokenizer's training text is told from its merge list with a mean "
    "squared error 2 to 5 orders of magnitude below that of encoding efficiency.",
    scale="paper: up to 112 languages, 1 GB of sample each, 30,000 merges; here: 7 languages "
    "a draw (FLORES-200) and code with prose, 65 to 200 kB of sample each, 1,000 merges, 20 drawn "
    "mixtures a draw; 8 published merge lists",
    baseline="encoding efficiency: a log-linear fit of shares on bytes a token",
    needs=("flores_dev", "text", "programs", "tokenizers"),
    undivided=("flores_dev",),
    run=run,
)
