"""Put a tokenizer under a trained model: match, plan, apply."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from tokenry.arguments import checked
from tokenry.errors import ModelError
from tokenry.progress import Progress, silent
from tokenry.results import SavedResult
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer.applying import apply
from tokenry.transfer.architecture import RowTensors, row_tensors
from tokenry.transfer.context import Donor, TransferContext
from tokenry.transfer.contract import RowInitialiser
from tokenry.transfer.model_folder import ModelFolder, plan_file
from tokenry.transfer.registry import initialiser
from tokenry.transfer.row_plan import Role, RowPlan
from tokenry.transfer.special_ids import SpecialIds

REPORT = "transplant.json"
DENSE = 1_000  # rows that no old rows make up; plans with more are as large as the model
ALIKE = 2.0  # how much larger a tokenizer and a matrix may be than each other


@dataclass(frozen=True)
class TransplantReport(SavedResult):
    """What a transplant did.

    Attributes:
        architecture: the class of transformers.
        tied: whether one matrix serves both roles.
        old_ids, new_ids: of the tokenizers.
        old_rows, new_rows: of the matrices; more than ids is padding.
        matches: new ids by how they are known.
        rows: new rows of each matrix by the initialiser that made them.
        specials: new ids by use.
        old_tokenizer, new_tokenizer: fingerprints.
        notes: what a person should know.
    """

    format: ClassVar[str] = "tokenry transplant"
    version: ClassVar[int] = 1

    architecture: str
    tied: bool
    old_ids: int
    new_ids: int
    old_rows: int
    new_rows: int
    matches: Mapping[str, int]
    rows: Mapping[str, Mapping[str, int]]
    specials: Mapping[str, int]
    old_tokenizer: str
    new_tokenizer: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Transplant:
    """A transplant that was made.

    Attributes:
        folder: of the new model.
        report: what was done; also in `REPORT` there.
        plans: of the rows, by role.
        context: that they were made in.
    """

    folder: Path
    report: TransplantReport
    plans: Mapping[Role, RowPlan] = field(repr=False)
    context: TransferContext = field(repr=False)


@checked
def transplant(
    model: str | os.PathLike[str],
    tokenizer: Tokenizer,
    out: str | os.PathLike[str],
    *,
    init: RowInitialiser | None = None,
    old_tokenizer: Tokenizer | None = None,
    donor: str | os.PathLike[str] | Donor | None = None,
    corpus: Sequence[str] = (),
    dictionary: Sequence[tuple[str, str]] = (),
    parallel: Sequence[tuple[str, str]] = (),
    specials: Mapping[str, str] | None = None,
    multiple: int = 1,
    fuzzy: bool = False,
    seed: int = 0,
    progress: Progress = silent,
) -> Transplant:
    """Write a copy of a model that reads and writes the ids of another tokenizer.

    Plans of rows that are made of old ones are left in its folder ``plans``.

    Args:
        model: a folder that transformers loads, causal or masked, with safetensors.
        tokenizer: the new one.
        out: a folder that does not exist yet.
        init: plans the new rows; None: `tokenry.transfer.registry.DEFAULT`.
        old_tokenizer: None: that of the folder.
        donor: a model with the new vocabulary, for the initialisers that need one.
        corpus: texts, likewise.
        dictionary, parallel: see `TransferContext`.
        specials: specials of the new tokenizer by use where it does not say: ``{"eos": "</s>"}``.
        multiple: rows are filled up to a multiple of it.
        fuzzy: see `tokenry.transfer.match`.
        seed: of what is drawn or trained.
        progress: told what is being done.

    Raises:
        ModelError: the model, the tokenizers and the plans do not fit; the message says why.
        UnsupportedError: an architecture or a format that is not known, or a quantised model.
        FileExistsError: there is something at ``out``.
    """
    if Path(out).exists():
        raise FileExistsError(f"{out} exists already; give another folder")
    folder = ModelFolder.open(model)
    tensors = row_tensors(folder)
    old = old_tokenizer or _tokenizer_of(folder)
    _check_fits(folder, tensors, old)
    context = TransferContext(
        old=old,
        new=tokenizer,
        old_rows=lambda role: tensors.matrices[role].floats(),
        donor=donor if isinstance(donor, Donor) or donor is None else open_donor(donor),
        corpus=corpus,
        dictionary=dictionary,
        parallel=parallel,
        fuzzy=fuzzy,
        seed=seed,
        progress=progress,
    )
    moved = SpecialIds.of(old, tokenizer, context.matches, specials or {})
    made = init or initialiser()
    plans: dict[Role, RowPlan] = {role: made.plan(context, role) for role in tensors.roles}
    applied = apply(folder, tensors, context, plans, moved, out, multiple=multiple)
    report = _report(tensors, context, plans, moved, applied.rows, applied.notes)
    for role, plan in plans.items():
        if len(plan.dense) <= DENSE:
            plan_file(applied.folder, role).parent.mkdir(exist_ok=True)
            plan.save(plan_file(applied.folder, role))
    report.save(applied.folder / REPORT)
    return Transplant(applied.folder, report, plans, context)


def open_donor(path: str | os.PathLike[str]) -> Donor:
    """A model of any width as a donor of rows; errors as for `transplant`."""
    folder = ModelFolder.open(path)
    tensors = row_tensors(folder)
    return Donor(_tokenizer_of(folder), lambda role: np.asarray(tensors.matrices[role].floats()))


def _tokenizer_of(folder: ModelFolder) -> Tokenizer:
    return load(folder.path)


def _check_fits(folder: ModelFolder, tensors: RowTensors, old: Tokenizer) -> None:
    """Refuse a tokenizer that cannot be the model's."""
    rows = tensors.matrices["input"].shape[0]
    if not 1 / ALIKE <= rows / max(len(old), 1) <= ALIKE:
        raise ModelError(
            f"{folder.path} has {rows} rows and its tokenizer {len(old)} ids: this is not the "
            "tokenizer that it was trained with; give that (old_tokenizer=)"
        )


def _report(
    tensors: RowTensors,
    context: TransferContext,
    plans: Mapping[Role, RowPlan],
    specials: SpecialIds,
    rows: int,
    notes: Sequence[str],
) -> TransplantReport:
    facts: dict[str, Any] = context.matches.facts()
    del facts["new_ids"]
    stored = tensors.matrices["input"].shape[0]
    beyond = len(context.old) - stored
    more = (
        [f"{beyond} ids of the old tokenizer have no row; they are no match"] if beyond > 0 else []
    )
    return TransplantReport(
        architecture=tensors.architecture,
        tied=tensors.tied,
        old_ids=len(context.old),
        new_ids=context.size,
        old_rows=stored,
        new_rows=rows,
        matches=facts,
        rows={role: plan.counts() for role, plan in plans.items()},
        specials=specials.roles,
        old_tokenizer=context.old.fingerprint(),
        new_tokenizer=context.new.fingerprint(),
        notes=(*more, *notes),
    )
