"""S032: a property of molecules, written digit by digit behind atoms, against byte-pair encoding.

A model reads a molecule and writes its lipophilicity. In one arm it reads an id for each atom, bond
and ring and writes single digits; in the other both are byte-pair pieces, learnt from the same
lines with as many ids. Molecules never seen decide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from experiments.harness.data import Data
from experiments.harness.experiment import Experiment, Findings, Setting, Table
from experiments.harness.intervals import over_seeds
from experiments.harness.verdicts import Baseline, Check, check, check_bounded
from tokenry.corpus.holdout import held_out
from tokenry.domains import learn
from tokenry.domains.molecules import symbols
from tokenry.domains.molecules.domain import Molecules
from tokenry.learning import Bpe

FOLDER: Final = "molecules"
FILE: Final = "lipophilicity.csv"
ARMS: Final = ("atoms and digits", "byte-pair pieces")
LONGEST: Final = 6  # ids of an answer and its end
LIKELY: Final = (-3.0, 6.0)  # values of log D; an answer beyond counts as the nearest
BETTER: Final = 0.02  # of the mean error
UNREAD: Final = 0.01  # of the answers
Rows = list[NDArray[np.int64]]


@dataclass(frozen=True)
class Molecule:
    """SMILES, and the property as the models write it."""

    smiles: str
    value: float

    @property
    def written(self) -> str:
        """Two decimals."""
        return f"{self.value:.2f}"


def molecules(data: Data, most: int) -> tuple[list[Molecule], list[Molecule]]:
    """To learn from, and held out by a hash of their SMILES."""
    lines = data.file(f"{FOLDER}/{FILE}").read_text("utf-8").splitlines()[1:]
    sides: tuple[list[Molecule], list[Molecule]] = ([], [])
    for line in lines[:most]:
        smiles, value = line.rsplit(",", 1)
        sides[held_out(smiles.encode(), fraction=0.2, seed=0)].append(
            Molecule(smiles.strip(), float(value))
        )
    return sides


@dataclass(frozen=True)
class Written:
    """Molecules under one tokenizer.

    Attributes:
        prompts, answers: ids of both halves, to learn from.
        asked: prompts of molecules held out.
        ids: how many there are.
        pieces: bytes by id, by which answers are read.
    """

    prompts: Rows
    answers: Rows
    asked: Rows
    ids: int
    pieces: Sequence[bytes | None]

    def value(self, ids: Sequence[int]) -> float:
        """The number of an answer; NaN where it is none."""
        text = b"".join(self.pieces[id_] or b"" for id_ in ids if id_ < len(self.pieces))
        try:
            return float(text)
        except ValueError:
            return float("nan")


def by_atoms(learnt: list[Molecule], held: list[Molecule]) -> Written:
    """The domain's ids; the answer begins behind the mark of the number."""
    domain = Molecules(columns=("smiles", "number"))
    lines = [f"{each.smiles}\t{each.written}\n".encode() for each in learnt]
    tokenizer = learn(domain, [b"".join(lines)], vocab_size=len(symbols.MARKS) + 2 + 256)
    first = tokenizer.encode(b"C\t1")
    number = int(first[-2])

    def cut(molecule: Molecule) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        ids = tokenizer.encode(f"{molecule.smiles}\t{molecule.written}".encode()).astype(np.int64)
        at = int(np.flatnonzero(ids == number)[0]) + 1
        return ids[:at], ids[at:]

    halves = [cut(each) for each in learnt]
    return Written(
        [prompt for prompt, _ in halves],
        [answer for _, answer in halves],
        [cut(each)[0] for each in held],
        tokenizer.n_vocab,
        tokenizer.tokenizer.vocabulary.pieces,
    )


def by_pieces(learnt: list[Molecule], held: list[Molecule], size: int) -> Written:
    """Byte-pair pieces of the same lines, so many ids."""
    lines = [f"{each.smiles}\n{each.written}" for each in learnt]
    tokenizer = Bpe(vocab_size=size).learn(lines)

    def prompts(of: list[Molecule]) -> Rows:
        rows = tokenizer.encode_batch([f"{each.smiles}\n" for each in of])
        return [row.astype(np.int64) for row in rows]

    answers = tokenizer.encode_batch([each.written for each in learnt])
    return Written(
        prompts(learnt),
        [row.astype(np.int64) for row in answers],
        prompts(held),
        tokenizer.n_vocab,
        tokenizer.vocabulary.pieces,
    )


def run(setting: Setting) -> Findings:
    """Train both arms with every seed."""
    learnt, held = molecules(setting.data, setting.pick(10**6, 120))
    values = np.array([each.value for each in held])
    middle = float(np.median([each.value for each in learnt]))
    constant = float(np.abs(values - middle).mean())
    atoms = by_atoms(learnt, held)
    arms = {
        ARMS[0]: atoms,
        ARMS[1]: by_pieces(learnt, held, setting.pick(atoms.ids, 400)),
    }
    errors: dict[str, list[float]] = {name: [] for name in arms}
    unread: dict[str, list[float]] = {name: [] for name in arms}
    for seed in setting.seeds:
        for name, arm in arms.items():
            setting.tell(f"{name}: model {seed}")
            said = answers(setting, arm, seed)
            numbers = np.isfinite(said)
            said = np.clip(np.where(numbers, said, middle), *LIKELY)
            errors[name].append(float(np.abs(said - values).mean()))
            unread[name].append(float(1 - numbers.mean()))
    notes = (
        f"{len(learnt):,} molecules to learn from, {len(held):,} held out; the median of the first "
        f"is wrong by {constant:.3f} on the others. An answer that is no number counts as the "
        "median.",
        "BioT5+ starts from a pretrained T5 and learns many tasks at once; this is one task from "
        "nothing, so only the tokenizer differs.",
    )
    return Findings((_table(arms, errors, unread),), checks_of(errors, unread, constant), notes)


def answers(setting: Setting, arm: Written, seed: int) -> NDArray[np.float64]:
    """What a model says of the molecules held out."""
    from tokenry.neural.recipes.answers import give_answers, train_answers
    from tokenry.neural.recipes.sizes import Passes, Shape

    shape = setting.pick(
        Shape(width=48, layers=2, context=256), Shape(width=16, layers=1, heads=2, context=256)
    )
    passes = Passes(passes=setting.pick(6, 1), rate=3e-3, batch=32)
    model = train_answers(arm.prompts, arm.answers, arm.ids, shape=shape, passes=passes, seed=seed)
    found = give_answers(model, arm.asked, LONGEST)
    return np.array([arm.value(each) for each in found])


def checks_of(
    errors: dict[str, list[float]], unread: dict[str, list[float]], constant: float
) -> tuple[Check, ...]:
    """The parts of the claim."""
    atoms, pieces = (np.array(errors[name]) for name in ARMS)
    better = over_seeds((pieces - atoms) / constant)
    return (
        check(
            "the property is foretold with a smaller error (in shares of the median's error)",
            better,
            matters=BETTER,
            baseline=Baseline(1 - float(pieces.mean()) / constant, floor=0.0),
            found=f"{better:.1%} smaller: {atoms.mean():.3f} against {pieces.mean():.3f}",
        ),
        check_bounded(
            "what is written digit by digit is a number",
            over_seeds(unread[ARMS[0]]),
            UNREAD,
            found=f"{np.mean(unread[ARMS[0]]):.2%} of the answers are none; of byte-pair pieces "
            f"{np.mean(unread[ARMS[1]]):.2%}",
        ),
    )


def _table(
    arms: dict[str, Written], errors: dict[str, list[float]], unread: dict[str, list[float]]
) -> Table:
    rows = [
        (
            name,
            arm.ids,
            round(float(np.mean([len(row) for row in arm.asked])), 1),
            round(float(np.mean([len(row) for row in arm.answers])), 2),
            round(float(np.mean(errors[name])), 4),
            round(min(errors[name]), 4),
            round(max(errors[name]), 4),
            round(100 * float(np.mean(unread[name])), 2),
        )
        for name, arm in arms.items()
    ]
    return Table(
        "Lipophilicity of molecules",
        (
            "tokenizer", "ids", "ids a molecule", "ids a number", "mean error", "lowest seed",
            "highest seed", "no number %",
        ),
        tuple(rows),
        "Error of log D at pH 7.4, of molecules held out.",
    )  # fmt: skip


EXPERIMENT = Experiment(
    name="BioT5+ numbers and molecules",
    claim="With ids for the symbols of molecules and numbers cut into single digits a model writes "
    "properties better than with byte-pair pieces.",
    scale="paper: BioT5+, 252 million parameters, pretrained on molecules, proteins and text; "
    "here: transformers of 0.1 million parameters from nothing, 4,200 measured lipophilicities, "
    "three seeds",
    baseline="byte-pair encoding with as many ids, learnt from the same lines",
    needs=(FOLDER,),
    run=run,
)
