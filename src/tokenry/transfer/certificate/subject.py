"""The two models that a certificate compares: folders, tokenizers, tensors; networks when asked."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_args

import numpy as np

from tokenry.extras import require
from tokenry.text.id_changes import IdTable
from tokenry.tokenizer import Tokenizer, load
from tokenry.transfer.architecture import RowTensors, row_tensors
from tokenry.transfer.matching import Matches, match
from tokenry.transfer.model_folder import ModelFolder, plan_file
from tokenry.transfer.row_plan import Role, RowPlan


class Subject:
    """A model on disk.

    Args:
        path: of its folder.
        tokenizer: None: that of the folder.
    """

    def __init__(self, path: str | os.PathLike[str], tokenizer: Tokenizer | None = None) -> None:
        self.folder = ModelFolder.open(path)
        self.tensors: RowTensors = row_tensors(self.folder)
        self.tokenizer = tokenizer or load(self.folder.path)

    @property
    def rows(self) -> tuple[int, int]:
        """Of both matrices."""
        matrices = self.tensors.matrices
        return matrices["input"].shape[0], matrices["output"].shape[0]

    @cached_property
    def network(self) -> Any:
        """The model, in float32; None where it cannot be loaded, see `trouble`."""
        return self._loaded[0]

    @property
    def trouble(self) -> str:
        """Why transformers cannot load it, or nothing."""
        return self._loaded[1]

    @cached_property
    def _loaded(self) -> tuple[Any, str]:
        torch = require("torch", "neural", "a certificate")
        transformers = require("transformers", "neural", "a certificate")
        kind = getattr(transformers, self.tensors.architecture)
        given = {"dtype": torch.float32, "local_files_only": True, "output_loading_info": True}
        try:
            made, report = kind.from_pretrained(self.folder.path, **given)
        except Exception as error:  # whatever a model's own code raises
            return None, next(iter(str(error).strip().splitlines()), type(error).__name__)[:200]
        wrong = {key: sorted(map(str, each)) for key, each in report.items() if each}
        return made.eval(), f"{wrong}"[:200] if wrong else ""

    @cached_property
    def plans(self) -> dict[Role, RowPlan]:
        """Of its rows by role, where a transplant has left them."""
        found = {role: plan_file(self.folder.path, role) for role in get_args(Role)}
        return {role: RowPlan.load(path) for role, path in found.items() if path.is_file()}

    @property
    def context(self) -> float:
        """Ids that it reads at a time."""
        config = self.network.config.get_text_config()
        return getattr(config, "max_position_embeddings", None) or float("inf")

    @property
    def start(self) -> int | None:
        """The id that texts begin with: BOS, or else the end of the text before."""
        config = self.network.config.get_text_config()
        for key in ("bos_token_id", "eos_token_id"):
            found = getattr(config, key, None)
            if isinstance(found, list):
                found = found[0] if found else None
            if found is not None:
                return int(found)
        return None


@dataclass(frozen=True, eq=False)
class SubjectPair:
    """Both models.

    Attributes:
        before: the model as it was.
        after: the same with another tokenizer.
        seed: of what is drawn.
        trained: whether rows of shared ids may differ.
    """

    before: Subject
    after: Subject
    seed: int
    trained: bool

    @cached_property
    def matches(self) -> Matches:
        """Old ids by new id, of those that have rows on both sides."""
        found = match(self.before.tokenizer, self.after.tokenizer)
        return found.within(min(self.before.rows))

    @property
    def shared(self) -> tuple[IdTable, IdTable]:
        """New ids that are old ones, and these."""
        new = self.matches.matched
        new = new[new < min(self.after.rows)]
        return new, self.matches.old_of_new[new]

    @property
    def fresh(self) -> IdTable:
        """New ids that are no old one."""
        fresh: IdTable = np.flatnonzero(self.matches.old_of_new < 0)
        return fresh[fresh < min(self.after.rows)]
