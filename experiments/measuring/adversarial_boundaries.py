"""S001: words that a vocabulary cuts in the wrong place, and what they cost SmolLM2."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.experiment import Cell, Experiment, Findings, Setting, Table
from experiments.harness.intervals import mean_of
from experiments.harness.models import model_folder
from experiments.harness.verdicts import Check, check, fact
from tokenry.measuring.trap_words import (
    CrossingRate,
    Script,
    TrapWord,
    across,
    crossing_rate,
    find_traps,
    words_in,
)
from tokenry.tokenizer import Tokenizer, load
from tokenry.tokenizer_files import load_tokenizer

if TYPE_CHECKING:
    from tokenry.models import CausalModel

FILES: Final[Mapping[str, str]] = {
    "o200k": "o200k_base.tiktoken",
    "Qwen": "qwen.tiktoken",
    "Llama 3": "llama3_tokenizer.model",
}
SCRIPTS: Final[tuple[Script, ...]] = ("Han", "Latin")
PROMPT: Final = (
    "Split each text into its two words.\n"
    "text: redhouse words: red house\ntext: oldriver words: old river\n"
    "text: coldwinter words: cold winter\ntext: "
)
CLAIMED, MATTERS = 2.0, 0.5  # bits an answer
NEAR: Final = 200  # words by id that a control is looked for among
Key = tuple[str, Script]


def run(setting: Setting) -> Findings:
    """Trap files of three vocabularies; matched words before SmolLM2."""
    folder = model_folder("smollm2-135m")
    names = setting.pick(tuple(FILES), ("Qwen",))
    traps: dict[Key, list[TrapWord]] = {}
    rates: dict[Key, CrossingRate] = {}
    for name in names:
        tokenizer = load_tokenizer(setting.data.file(f"tokenizers/{FILES[name]}"))
        for script in SCRIPTS:
            setting.tell(f"{name}, {script}")
            key = (name, script)
            traps[key] = find_traps(tokenizer, script, count=setting.pick(2000, 40))
            rates[key] = crossing_rate(tokenizer, script, pairs=setting.pick(8000, 200))
    own = load(folder)
    setting.tell("pairs of SmolLM2's words")
    pairs = matched(own, find_traps(own, "Latin", count=setting.pick(1500, 60)))
    pairs = pairs[: setting.pick(160, 3)]
    setting.tell(f"SmolLM2 splits {len(pairs)} traps and their controls")
    cost = _costs(own, pairs, folder_model(folder))
    tables = (_rate_table(traps, rates), _example_table(traps), _pair_table(pairs, cost))
    return Findings(tables, (_found_check(traps), _cost_check(cost)), NOTES)


def folder_model(folder: object) -> CausalModel:
    """SmolLM2."""
    from tokenry.models import causal_model

    return causal_model(folder)


def matched(
    tokenizer: Tokenizer, traps: Sequence[TrapWord]
) -> list[tuple[TrapWord, tuple[str, str]]]:
    """Each trap with another second word, of the same length and about the same id.

    The first word stays and serves once; no piece lies across the boundary of the control.
    """
    words = words_in(tokenizer, "Latin")
    places = {word: at for at, word in enumerate(words)}
    by_length = defaultdict(list)
    for word in words:
        by_length[len(word)].append(word)
    found, used = [], set()
    for trap in traps:
        alike = sorted(
            by_length[len(trap.second)], key=lambda word: abs(places[word] - places[trap.second])
        )
        others = [(trap.first, word) for word in alike[1:21]]
        near = [pair for pair in others if abs(places[pair[1]] - places[trap.second]) <= NEAR * 10]
        clean = [p for p, crossed in zip(near, across(tokenizer, near), strict=True) if not crossed]
        if clean and trap.first not in used:
            used.add(trap.first)
            found.append((trap, clean[0]))
    return found


def _costs(
    tokenizer: Tokenizer,
    pairs: Sequence[tuple[TrapWord, tuple[str, str]]],
    model: CausalModel,
) -> NDArray[np.float64]:
    """Bits of the right answer after each trap and its control, less those without the text.

    What a word costs by itself is taken away: the same answer after another text of the list.
    """
    from tokenry.auditing.bits import answer_bits

    kinds = [
        [(trap.text, trap.answer) for trap, _ in pairs],
        [("".join(control), " ".join(control)) for _, control in pairs],
    ]
    columns = []
    for kind in kinds:
        answers = [tokenizer.encode(f" {answer}") for _, answer in kind]
        shown = [tokenizer.encode(f"{PROMPT}{text} words:") for text, _ in kind]
        hidden = [tokenizer.encode(f"{PROMPT}{text} words:") for text, _ in (*kind[1:], kind[0])]
        columns.append((answer_bits(model, shown, answers), answer_bits(model, hidden, answers)))
    return np.array(columns)


def _cost_check(cost: NDArray[np.float64]) -> Check:
    plain = mean_of(cost[0, 0] - cost[1, 0])
    helped = mean_of((cost[1, 1] - cost[1, 0]) - (cost[0, 1] - cost[0, 0]))
    return check(
        "a trap costs the model more bits for its two words than a matched control, also after "
        "what words cost by themselves is taken away (here: 2 bits an answer; half a bit matters)",
        {"bits of the answer": plain, "bits that seeing the text saves": helped},
        claimed=CLAIMED,
        matters=MATTERS,
        found=f"{plain:.2f} bits more an answer; seeing the text saves {helped:.2f} bits less",
    )


def _found_check(traps: Mapping[Key, Sequence[TrapWord]]) -> Check:
    least = min(len({trap.trap for trap in some}) for some in traps.values())
    return fact(
        "trap words are made from every vocabulary alone, Chinese and English: at least a hundred "
        "different pieces across a boundary",
        f"at least {least} different pieces in {len(traps)} files",
        holds=least >= 100,
        in_direction=least > 0,
    )


def _rate_table(
    traps: Mapping[Key, Sequence[TrapWord]], rates: Mapping[Key, CrossingRate]
) -> Table:
    rows: list[tuple[Cell, ...]] = []
    for key, rate in rates.items():
        ends = [rate.interval.low, rate.interval.high] if rate.interval else [rate.value] * 2
        share = [round(100 * each, 2) for each in (rate.value, *ends)]
        pieces = len({trap.trap for trap in traps[key]})
        rows.append((*key, rate.words, *share, len(traps[key]), pieces))
    return Table(
        "Random pairs of words, and trap words made from the vocabulary",
        ("vocabulary", "script", "words", "pairs cut across (%)", "from", "to", "trap words",
         "pieces across"),
        tuple(rows),
    )  # fmt: skip


def _example_table(traps: Mapping[Key, Sequence[TrapWord]]) -> Table:
    rows = tuple(
        (*key, trap.answer, trap.trap, " | ".join(trap.pieces))
        for key, some in traps.items()
        for trap in some[:3]
    )
    return Table("Trap words", ("vocabulary", "script", "words", "piece across", "cut as"), rows)


def _pair_table(
    pairs: Sequence[tuple[TrapWord, tuple[str, str]]], cost: NDArray[np.float64]
) -> Table:
    means = np.round(cost.mean(axis=2), 2).tolist()
    rows = tuple(
        (name, len(pairs), *figures, round(figures[1] - figures[0], 2))
        for name, figures in zip(("trap", "matched control"), means, strict=True)
    )
    return Table(
        "SmolLM2-135M writes a text as its two words",
        ("text", "texts", "bits of the answer", "after another text (bits)", "saved (bits)"),
        rows,
    )


NOTES: Final = (
    "A control has the same first word and a second one of the same length, within 2,000 words of "
    "the trap's; a first word serves once. The prompt has three examples.",
    "Test files: `tokenry traps VOCABULARY --script Han --out traps.jsonl`, by the same seed.",
)

EXPERIMENT = Experiment(
    name="ADT adversarial tokenization",
    claim="Words made so that a vocabulary cuts them in the wrong place degrade what language "
    "models do with them, and such words are made from the vocabulary alone.",
    scale="paper: Chinese and English questions written around such words, chat models of 7B and "
    "more; here: trap files of three published vocabularies in two scripts; SmolLM2-135M's loss on "
    "splitting 160 of its own traps",
    baseline="matched words whose boundary is kept; random pairs of words",
    needs=("tokenizers",),
    models=("smollm2-135m",),
    run=run,
)
