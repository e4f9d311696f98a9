"""Which tensors of a model have a row for each id: asked of transformers, without any weights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tokenry.errors import ModelError, UnsupportedError
from tokenry.extras import require
from tokenry.transfer.model_folder import ModelFolder
from tokenry.transfer.row_plan import Role
from tokenry.transfer.tensor_files import StoredTensor


@dataclass(frozen=True, eq=False)
class RowTensors:
    """The tensors of a checkpoint that follow its vocabulary.

    Attributes:
        matrices: by role; with tied rows both are the one that the files have.
        names: tensors of the files to write for each role; with tied rows all under ``input``.
        biases: of logits.
        tied: whether one matrix serves both roles.
        masked: whether the model fills masks, rather than going on from what it read.
        architecture: the class of transformers.
    """

    matrices: Mapping[Role, StoredTensor]
    names: Mapping[Role, tuple[str, ...]]
    biases: tuple[StoredTensor, ...]
    tied: bool
    masked: bool
    architecture: str

    @property
    def roles(self) -> tuple[Role, ...]:
        """Matrices that differ."""
        return ("input",) if self.tied else ("input", "output")


def row_tensors(folder: ModelFolder) -> RowTensors:
    """Find them.

    Raises:
        UnsupportedError: an architecture that transformers does not have, an encoder with a
            decoder, or tables of ids beside the usual two.
        ModelError: the model has no head, or the files lack a tensor.
        MissingExtraError: torch or transformers are not installed.
    """
    model, config = _empty_model(folder)
    name = type(model).__name__
    source, head = model.get_input_embeddings(), model.get_output_embeddings()
    if head is None or getattr(head, "weight", None) is None:
        raise ModelError(
            f"{folder.path} is a {name}, which has no lm_head: there are no logits for new "
            "ids; take the checkpoint with its language-model head"
        )
    if source.weight.shape[0] != head.weight.shape[0]:
        raise UnsupportedError(
            f"{name} reads {source.weight.shape[0]} ids and predicts {head.weight.shape[0]}; only "
            "models that predict all that they read are transplanted"
        )
    tied = bool(getattr(config.get_text_config(), "tie_word_embeddings", False))
    tied = tied or head.weight is source.weight
    _refuse_other_tables(model, source, head, name)
    places = {id(module): where for where, module in model.named_modules()}
    found = {
        role: _stored(folder, f"{places[id(module)]}.weight")
        for role, module in (("input", source), ("output", head))
    }
    matrices = _matrices(folder, found, tied, name)
    rows: dict[Role, tuple[str, ...]] = {role: (each.name,) for role, each in matrices.items()}
    if tied:
        rows["input"] = tuple(dict.fromkeys(each.name for each in found.values() if each))
    biases = _biases(folder, places[id(head)], matrices["output"].shape[0])
    return RowTensors(matrices, rows, biases, tied, "MaskedLM" in name, name)


def _stored(folder: ModelFolder, parameter: str) -> StoredTensor | None:
    """A matrix; in files of a model of several modules the rest of its name may be another."""
    ending = parameter.split(".")[-2:]
    alike = [each for name, each in folder.tensors.items() if name.split(".")[-2:] == ending]
    return folder.find(parameter) or (alike[0] if len(alike) == 1 else None)


def _matrices(
    folder: ModelFolder, found: Mapping[str, StoredTensor | None], tied: bool, name: str
) -> dict[Role, StoredTensor]:
    source, head = found["input"], found["output"]
    if tied:
        source = head = source or head
    if source is None or head is None:
        gone = "input rows" if source is None else "rows of its lm_head"
        raise ModelError(f"{folder.path} lacks the {gone} of a {name}; the checkpoint is not whole")
    for each in (source, head):
        if len(each.shape) != 2:
            raise ModelError(f"{each.name} of {folder.path} has the shape {each.shape}, no matrix")
    return {"input": source, "output": head}


def _empty_model(folder: ModelFolder) -> tuple[Any, Any]:
    """The model with tensors that have shapes and no content."""
    torch = require("torch", "neural", "a transplant")
    transformers = require("transformers", "neural", "a transplant")
    kind = folder.config.get("model_type")
    named = [*(folder.config.get("architectures") or ()), ""][0]
    try:
        config = transformers.AutoConfig.from_pretrained(folder.path, local_files_only=True)
        if getattr(config, "is_encoder_decoder", False):
            raise UnsupportedError(
                f"{folder.path} is a {named or kind}, an encoder with a decoder; only causal and "
                "masked language models are transplanted"
            )
        made = getattr(transformers, named, None) if named else None
        with torch.device("meta"):
            if made is None:
                return transformers.AutoModelForCausalLM.from_config(config), config
            return made(config), config
    except (ValueError, KeyError, OSError) as error:
        if isinstance(error, UnsupportedError):
            raise
        raise UnsupportedError(
            f"{folder.path} is a {named or 'model'} of the type {kind!r}, which transformers "
            f"{transformers.__version__} does not have ({_short(error)})"
        ) from None


def _short(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0][:160] if lines else type(error).__name__


def _refuse_other_tables(model: Any, source: Any, head: Any, name: str) -> None:
    """Refuse models in which more than the two usual matrices have a row for each id."""
    import torch

    for where, module in model.named_modules():
        if (
            isinstance(module, torch.nn.Embedding)
            and module is not source
            and module.weight is not head.weight
            and module.num_embeddings == source.weight.shape[0]
            and "position" not in where
        ):
            raise UnsupportedError(
                f"{name} has a third table with a row for each id, {where}; nobody knows how to "
                "make new rows of it"
            )


def _biases(folder: ModelFolder, head: str, rows: int) -> tuple[StoredTensor, ...]:
    """Biases of logits: the head's own, and one beside the head (BERT, RoBERTa)."""
    parent = head.rpartition(".")[0]
    wanted = [f"{head}.bias", f"{parent}.bias" if parent else "final_logits_bias"]
    found = [folder.find(name, (rows,)) for name in wanted]
    return tuple(dict.fromkeys(each for each in found if each and each.shape == (rows,)))
