"""Write a model with the rows of plans: a new folder, whole or not at all, a shard at a time."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any, Final

import numpy as np

from tokenry.errors import ModelError
from tokenry.files import write_text, writing_folder
from tokenry.text.config import USES
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.architecture import RowTensors
from tokenry.transfer.context import TransferContext
from tokenry.transfer.model_folder import CONFIG, GENERATION, INDEX, ModelFolder, read_json
from tokenry.transfer.row_plan import Floats, Role, RowPlan
from tokenry.transfer.special_ids import SpecialIds
from tokenry.transfer.tensor_files import (
    FLOATS,
    NewTensor,
    StoredTensor,
    copied,
    from_floats,
    write_file,
)

ROWS = 4096  # new rows that are in memory at a time
SPARE = 64 << 20  # bytes of the disk beside the weights: the tokenizer, JSON
# Files that say what the old tokenizer was; the new one brings its own.
_TOKENIZER: Final = (
    "tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "added_tokens.json",
    "vocab.json", "vocab.txt", "merges.txt", "tokenizer.model", "spiece.model", "tokenry.json",
    "chat_template.jinja", "chat_template.json",
)  # fmt: skip
_WEIGHTS: Final = (".safetensors", ".bin", ".gguf", ".h5", ".msgpack", ".onnx", ".pt", ".pth")
_MADE: Final = ("transplant.json", "certificate.json", "certificate.html")


@dataclass(frozen=True, eq=False)
class Applied:
    """What was written.

    Attributes:
        folder: of the new model.
        rows: of its matrices.
        notes: what a person should know.
    """

    folder: Path
    rows: int
    notes: tuple[str, ...]


def apply(
    folder: ModelFolder,
    tensors: RowTensors,
    context: TransferContext,
    plans: Mapping[Role, RowPlan],
    specials: SpecialIds,
    out: str | os.PathLike[str],
    *,
    multiple: int = 1,
) -> Applied:
    """Write the model with new rows and the new tokenizer; the old folder is only read.

    Args:
        folder: the old model.
        tensors: which of its tensors follow the vocabulary.
        context: that the plans were made in.
        plans: of the rows of each matrix; with tied rows the one of ``input``.
        specials: new ids of specials.
        out: a folder that does not exist.
        multiple: rows are filled up to a multiple of it, with means.

    Raises:
        FileExistsError: there is something at ``out``.
        ModelError: a plan does not fit, or the disk has not enough room.
    """
    if multiple < 1:
        raise ModelError(f"rows to a multiple of {multiple}; expected 1 or more, such as 64")
    rows = -(-context.size // multiple) * multiple
    changed = _changed(tensors, context, plans, rows)
    out = Path(out)
    _check_room(folder, changed, out)
    with writing_folder(out) as new:
        _copy_others(folder.path, new)
        _write_configs(folder, new, specials, rows)
        specials.notes += _write_tokenizer(context.new, specials, new)
        specials.notes += _lost_template(folder.path, new)
        for name in folder.files:
            kept = {
                key: changed.get(key) or copied(each) for key, each in folder.in_file(name).items()
            }
            write_file(new / name, kept, {k: str(v) for k, v in folder.words[name].items()})
            context.progress("writing", folder.files.index(name) + 1, len(folder.files))
        _write_index(folder, new, changed)
    return Applied(out, rows, tuple(specials.notes))


def _changed(
    tensors: RowTensors, context: TransferContext, plans: Mapping[Role, RowPlan], rows: int
) -> dict[str, NewTensor]:
    """The tensors that get new rows, by name."""
    found: dict[str, NewTensor] = {}
    for role in tensors.roles:
        plan, stored = plans[role], tensors.matrices[role]
        old = context.rows(role)
        if (len(plan), plan.old_size, plan.width) != (context.size, *old.shape):
            raise ModelError(
                f"the plan of {role} rows makes {len(plan)} from {plan.old_size} of {plan.width}; "
                f"this model has {old.shape[0]} of {old.shape[1]} and needs {context.size}"
            )
        if stored.dtype not in FLOATS:
            raise ModelError(f"{stored.name} is of {stored.dtype}, no floats: it is quantised")
        for name in tensors.names[role]:
            found[name] = _new_rows(plan, old, context, stored.dtype, rows)
    output = plans["input" if tensors.tied else "output"]
    for bias in tensors.biases:
        found[bias.name] = _new_bias(output, bias, rows)
    return found


def _new_rows(
    plan: RowPlan, old: Floats, context: TransferContext, dtype: str, rows: int
) -> NewTensor:
    width = np.dtype(FLOATS[dtype]).itemsize * old.shape[1]

    def slices() -> Iterator[bytes]:
        for begin in range(0, len(plan), ROWS):
            made = plan.rows(old, begin, min(begin + ROWS, len(plan)))
            if not np.isfinite(made).all():
                raise ModelError("new rows are not finite; the old matrix has infinities or NaN")
            yield from_floats(made, dtype).tobytes()
            context.progress("new rows", min(begin + ROWS, len(plan)), len(plan))
        if rows > len(plan):
            mean = old[context.used].mean(0, dtype=np.float64).astype(np.float32)
            yield from_floats(np.tile(mean, (rows - len(plan), 1)), dtype).tobytes()

    return NewTensor(dtype, (rows, old.shape[1]), rows * width, slices)


def _new_bias(plan: RowPlan, stored: StoredTensor, rows: int) -> NewTensor:
    def slices() -> Iterator[bytes]:
        old = stored.floats()[: plan.old_size]
        made = np.full(rows, old.mean(), np.float32)
        made[: len(plan)] = plan.combine_numbers(old)
        yield from_floats(made, stored.dtype).tobytes()

    size = np.dtype(FLOATS[stored.dtype]).itemsize * rows
    return NewTensor(stored.dtype, (rows,), size, slices)


def _check_room(folder: ModelFolder, changed: Mapping[str, NewTensor], out: Path) -> None:
    """That the disk has room for all of it, before anything is written."""
    kept = sum(
        each.end - each.begin for name, each in folder.tensors.items() if name not in changed
    )
    needed = kept + sum(each.size for each in changed.values()) + SPARE
    place = next(each for each in (out.parent, *out.absolute().parents) if each.exists())
    free = shutil.disk_usage(place).free
    if free < needed:
        raise ModelError(
            f"{out} needs {needed / 1e6:,.0f} MB and {place} has {free / 1e6:,.0f} MB free; give "
            "a folder on a disk with more room"
        )


def _copy_others(old: Path, new: Path) -> None:
    """Licence, notes, code: all files but weights, configs and the old tokenizer."""
    for path in sorted(old.iterdir()):
        name = path.name
        if (
            path.is_file()
            and name not in (*_TOKENIZER, *_MADE, CONFIG, GENERATION, INDEX)
            and not name.endswith(_WEIGHTS)
            and not name.startswith(".")
        ):
            shutil.copyfile(path, new / name)


def _write_configs(folder: ModelFolder, new: Path, specials: SpecialIds, rows: int) -> None:
    config = specials.moved(folder.config)
    text = folder.config.get("text_config")
    if isinstance(text, dict):
        config["text_config"] = {**specials.moved(text), "vocab_size": rows}
    if not isinstance(text, dict) or "vocab_size" in config:
        config["vocab_size"] = rows
    write_text(new / CONFIG, json.dumps(config, indent=2) + "\n")
    generation = read_json(folder.path / GENERATION)
    if generation is not None:
        write_text(new / GENERATION, json.dumps(specials.moved(generation), indent=2) + "\n")


def _write_tokenizer(tokenizer: Tokenizer, specials: SpecialIds, new: Path) -> list[str]:
    """Save it, with the uses that the config has; gives notes."""
    known = {id_: name for name, id_ in tokenizer.pipeline.specials().items()}
    uses: dict[str, Any] = {
        use: known[id_]
        for use in ("bos", "eos", "pad")
        if (id_ := specials.roles.get(use, -1)) in known and not tokenizer.config.token(USES[use])
    }
    report = tokenizer.configured(**uses).save(new)
    return [] if report.exact else [f"tokenizer.json is not exact: {report}"]


def _lost_template(old: Path, new: Path) -> list[str]:
    had, has = (_has_template(each) for each in (old, new))
    lost = "the chat template is left out: it writes specials of the old tokenizer; give the new "
    return [lost + "tokenizer one (chat_template in its tokenizer_config.json)"] * (had and not has)


def _has_template(folder: Path) -> bool:
    config = read_json(folder / "tokenizer_config.json") or {}
    return "chat_template" in config or any(folder.glob("chat_template.*"))


def _write_index(folder: ModelFolder, new: Path, changed: Mapping[str, NewTensor]) -> None:
    index = folder.words.get(INDEX)
    if index is None:
        return
    total = sum(
        changed[name].size if name in changed else each.end - each.begin
        for name, each in folder.tensors.items()
    )
    metadata = {**index.get("metadata", {}), "total_size": total}
    if "total_parameters" in metadata:
        counts = [changed[n].shape if n in changed else e.shape for n, e in folder.tensors.items()]
        metadata["total_parameters"] = sum(map(prod, counts))
    write_text(new / INDEX, json.dumps({**index, "metadata": metadata}, indent=2) + "\n")
