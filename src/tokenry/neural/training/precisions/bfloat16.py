"""Mixed with bfloat16: matrix products in bfloat16, sums and weights in float32.

Micikevicius et al. 2018, arXiv:1710.03740; Kalamkar et al. 2019, arXiv:1905.12322.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tokenry.errors import UnsupportedError

if TYPE_CHECKING:
    import torch


@dataclass(frozen=True)
class Bfloat16:
    """torch's autocast. It needs no scaling of losses; on most CPUs it is slower than float32."""

    def computing(self, device: torch.device) -> AbstractContextManager[Any]:
        """Autocast.

        Raises:
            UnsupportedError: the GPU has no bfloat16.
        """
        import torch

        if device.type == "cuda" and not torch.cuda.is_bf16_supported():
            raise UnsupportedError(
                f"{torch.cuda.get_device_name(device)} has no bfloat16; train with Full()"
            )
        return torch.autocast(device.type, torch.bfloat16)
