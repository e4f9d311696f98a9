"""Several processes that train one model, each on its share of a step's batches.

They are started by ``torchrun`` or by anything that sets ``RANK``, ``WORLD_SIZE``, ``MASTER_ADDR``
and ``MASTER_PORT``. Gradients are added over all processes once a step.
"""

from __future__ import annotations

import atexit
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, distributed

from tokenry.errors import TrainingError


@dataclass(frozen=True)
class Processes:
    """One of ``count`` processes; alone, it does nothing.

    Attributes:
        rank: number of this one; 0 writes files.
        count: how many there are.
    """

    rank: int = 0
    count: int = 1

    @classmethod
    def joined(cls, accelerator: bool) -> Processes:
        """What the environment says; joins the group the first time.

        Raises:
            TrainingError: this torch has no distributed package.
        """
        count = int(os.environ.get("WORLD_SIZE", "1"))
        if count == 1:
            return cls()
        if not distributed.is_available():
            raise TrainingError("this torch was built without its distributed package")
        if not distributed.is_initialized():
            distributed.init_process_group("nccl" if accelerator else "gloo")
            atexit.register(distributed.destroy_process_group)
        return cls(distributed.get_rank(), distributed.get_world_size())

    @property
    def first(self) -> bool:
        """Whether this one writes files and shows progress."""
        return self.rank == 0

    def share(self, things: Sequence[Any]) -> list[Any]:
        """Those that are this one's."""
        return list(things[self.rank :: self.count])

    def sent(self, value: Any) -> Any:
        """The value that the first has."""
        if self.count == 1:
            return value
        box = [value]
        distributed.broadcast_object_list(box, src=0)
        return box[0]

    def gathered(self, value: Any) -> list[Any]:
        """The values of all, in the order of their ranks."""
        if self.count == 1:
            return [value]
        values: list[Any] = [None] * self.count
        distributed.all_gather_object(values, value)
        return values

    def spread(self, tensors: Iterable[Tensor]) -> None:
        """Give all the tensors of the first, in place."""
        if self.count > 1:
            for tensor in tensors:
                distributed.broadcast(tensor, src=0)

    def wait(self) -> None:
        """Until all are here."""
        if self.count > 1:
            distributed.barrier()

    def add(self, tensor: Tensor) -> Tensor:
        """The sum over all, in place."""
        if self.count > 1:
            distributed.all_reduce(tensor)
        return tensor

    def add_gradients(self, parameters: Sequence[torch.nn.Parameter]) -> None:
        """Sum gradients over all, in place, in one message a dtype.

        A parameter that got none anywhere has none afterwards.
        """
        if self.count == 1:
            return
        had = torch.tensor([float(each.grad is not None) for each in parameters])
        had = self.add(had.to(parameters[0].device)).cpu()
        reached = [each for each, count in zip(parameters, had, strict=True) if count]
        for dtype in sorted({each.dtype for each in reached}, key=str):
            self._add_flat([each for each in reached if each.dtype == dtype])

    def _add_flat(self, parameters: list[torch.nn.Parameter]) -> None:
        for each in parameters:
            if each.grad is None:
                each.grad = torch.zeros_like(each)
        gradients = [each.grad for each in parameters if each.grad is not None]
        flat = self.add(torch.cat([each.flatten() for each in gradients]))
        at = 0
        for gradient in gradients:
            gradient.copy_(flat[at : at + gradient.numel()].view_as(gradient))
            at += gradient.numel()
