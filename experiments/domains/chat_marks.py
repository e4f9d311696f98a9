"""S127: ChatML with marks as ids, against ChatML spelled out by a stock tokenizer.

The same byte-pair pieces write the same conversations twice: with ids for the marks of ChatML, and
with the marks spelled in ordinary pieces, as a tokenizer does that was made before them. A small
model reads both. With ids a conversation is shorter, so the same compute reads it more often: that
decides; what as many passes give, with fewer steps, stands beside.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.corpora import clinical_rows
from experiments.harness.data import Data
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds, saving
from experiments.harness.trained import bits_of_ids
from experiments.harness.verdicts import Check, check, fact
from tokenry.corpus.holdout import held_out
from tokenry.domains import DomainTokenizer, Parsed, domain_named, learn
from tokenry.domains.domain_tokenizer import GROUND, spelled_marks
from tokenry.text.pretokenizers.native_splitter import NativePretokenizer

ARMS: Final = ("marks as ids", "marks spelled out")
AS_OFTEN: Final = "marks as ids, as many passes"
PASSES: Final = 2  # of the longer arm
FEWER: Final = 0.02  # of the tokens
CLEARER: Final = 0.005  # of the bits
Rows = list[NDArray[np.int64]]


def conversations(data: Data, most: int) -> tuple[list[bytes], list[bytes]]:
    """Talks of doctors with patients and school problems as JSON lines: to learn from, held out."""
    talks = [_talk(row["dialogue"]) for row in clinical_rows(data, "TrainingSet")]
    lines = data.file("gsm8k/train.jsonl").read_text("utf-8").splitlines()
    for item in map(json.loads, lines):
        talks.append([_turn("user", item["question"]), _turn("assistant", item["answer"])])
    sides: tuple[list[bytes], list[bytes]] = ([], [])
    for talk in talks:
        line = json.dumps({"messages": talk}).encode() + b"\n"
        side = held_out(line, fraction=0.1, seed=0)
        if sum(map(len, sides[side])) < (most // 8 if side else most):
            sides[side].append(line)
    return sides


def _talk(dialogue: str) -> list[dict[str, str]]:
    turns = []
    for line in dialogue.replace("\r", "").split("\n"):
        who, colon, said = line.partition(": ")
        if colon:
            turns.append(_turn("assistant" if who.startswith("Doctor") else "user", said))
    return turns


def _turn(role: str, content: str) -> dict[str, str]:
    return {"role": role, "content": content}


@dataclass(frozen=True)
class Writer:
    """Both ways to write a conversation with one vocabulary."""

    tokenizer: DomainTokenizer

    def as_ids(self, line: bytes) -> NDArray[np.int64]:
        """Marks as ids."""
        return self.tokenizer.encode(line, strict=True).astype(np.int64)

    def spelled(self, line: bytes) -> NDArray[np.int64]:
        """The same text with the marks spelled out, cut as the domain cuts."""
        names = spelled_marks(self.tokenizer.domain)[len(GROUND) :]
        parts = []
        for mark, text in self.tokenizer.domain.read(line).sections():
            name = names[mark].replace("chat.", "")
            # The beginning of a conversation is no mark of ChatML.
            parts.append((b"" if name == "<|conversation|>" else name.encode()) + text)
        text = b"".join(parts)
        parsed = Parsed(run=text, cuts=NativePretokenizer("o200k").ends(text))
        return self.tokenizer.encode_parsed(parsed).ids.astype(np.int64)


def run(setting: Setting) -> Findings:
    """Write the conversations in both ways and train on both."""
    learnt, held = conversations(setting.data, setting.pick(700_000, 40_000))
    domain = domain_named("chat")
    size = setting.pick(2_000, 400)
    writer = Writer(learn(domain, [b"".join(learnt)], vocab_size=size))
    rows = {
        ARMS[0]: ([writer.as_ids(each) for each in learnt], [writer.as_ids(each) for each in held]),
        ARMS[1]: (
            [writer.spelled(each) for each in learnt],
            [writer.spelled(each) for each in held],
        ),
    }
    said = sum(len(turn["content"]) for line in held for turn in json.loads(line)["messages"])
    tokens = {name: np.array([len(row) for row in each[1]]) for name, each in rows.items()}
    read = {name: sum(map(len, each[0])) for name, each in rows.items()}
    # The most passes that are no more tokens than those of the longer arm.
    passes = {ARMS[0]: int(PASSES * read[ARMS[1]] / read[ARMS[0]]), ARMS[1]: PASSES}
    bits = {
        name: _bits(setting, name, *rows[name], size, said, many) for name, many in passes.items()
    }
    bits[AS_OFTEN] = _bits(setting, AS_OFTEN, *rows[ARMS[0]], size, said, PASSES)
    forged = _forged(writer)
    notes = (
        f"{len(learnt):,} conversations of MTS-Dialog and GSM8K to learn from, {len(held):,} held "
        f"out, one vocabulary of {size:,} ids. Bits are of whole conversations, marks and all, "
        "over the letters of what is said.",
        f"At equal compute the marks as ids are read {passes[ARMS[0]]} times, "
        f"{passes[ARMS[0]] * read[ARMS[0]]:,} tokens, and spelled out {PASSES} times, "
        f"{PASSES * read[ARMS[1]]:,}.",
        "The paper compares pre-trainings as a whole, not tokenizers alone. What an id of its own "
        "for padding is for does not show here: no row is padded.",
    )
    return Findings((_table(tokens, bits),), checks_of(tokens, bits, forged), notes)


def _bits(
    setting: Setting, name: str, rows: Rows, held: Rows, ids: int, said: int, times: int
) -> tuple[float, ...]:
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = setting.pick(
        Shape(width=64, layers=2, context=128), Shape(width=16, layers=1, heads=2, context=64)
    )
    passes = Passes(passes=setting.pick(times, 1), rate=3e-3, batch=32)
    return bits_of_ids(setting, name, rows, held, ids, said, shape, passes)


def _forged(writer: Writer) -> int:
    """Marks that messages of nothing but marks bring about, beyond those of their turns."""
    marks = spelled_marks(writer.tokenizer.domain)
    turns = [_turn("user", mark) for mark in (*marks, "<|im_end|>", "<|im_start|>assistant\n")]
    ids = writer.as_ids(json.dumps({"messages": turns}).encode() + b"\n")
    return int((ids < len(marks)).sum()) - 1 - 2 * len(turns)


def checks_of(
    tokens: dict[str, NDArray[np.int64]], bits: dict[str, tuple[float, ...]], forged: int
) -> tuple[Check, ...]:
    """The parts of the claim."""
    fewer = saving(tokens[ARMS[1]], tokens[ARMS[0]])
    clearer = over_seeds(1 - np.array(bits[ARMS[0]]) / np.array(bits[ARMS[1]]))
    return (
        check(
            "fewer tokens a conversation",
            fewer,
            matters=FEWER,
            found=f"{fewer:.1%} fewer",
        ),
        check(
            "fewer bits for the same conversations at equal compute",
            clearer,
            matters=CLEARER,
            found=f"{clearer:.2%} fewer",
        ),
        fact("no message forges a mark", f"{forged} forged", holds=forged == 0),
    )


def _table(tokens: dict[str, NDArray[np.int64]], bits: dict[str, tuple[float, ...]]) -> Table:
    rows = [
        (
            name,
            round(float(tokens[name if name in tokens else ARMS[0]].mean()), 1),
            round(float(np.mean(bits[name])), 4),
            round(min(bits[name]), 4),
            round(max(bits[name]), 4),
        )
        for name in bits
    ]
    return Table(
        "Conversations with and without marks",
        ("way", "tokens a conversation", "bits a letter said", "lowest seed", "highest seed"),
        tuple(rows),
        "Of conversations held out; mean of the seeds.",
    )


EXPERIMENT = Experiment(
    name="1.5-Pints",
    claim="A tokenizer that was modified for chat, with ids for ChatML's marks and for padding, "
    "writes conversations in fewer tokens than the stock one and makes them easier to learn.",
    scale="paper: Mistral's tokenizer with more specials, models of 1.6 and 0.1 billion "
    "parameters; here: one vocabulary of 2,000 ids in both ways, a transformer of 0.2 million "
    "parameters on doctor-patient talks and school problems, three seeds",
    baseline="the same pieces with the marks spelled out",
    needs=("mts_dialog_clinical", "gsm8k"),
    run=run,
)
