"""The generators: a line each."""

from __future__ import annotations

from typing import Any, Final

from tokenry.errors import SignalError
from tokenry.registry import Entry, Registry

_ROOM = "tokenry.signals.generators"


def _generator(name: str, target: str, source: str, *systems: str) -> Entry[Any]:
    return Entry(name, f"{_ROOM}.{target}", source, systems, extra="neural")


GENERATORS: Final[Registry[Any]] = Registry(
    "generator",
    (
        _generator("autoregressive", "autoregressive:NextCodes",
                   "Wang et al. 2024, arXiv:2410.16257", "S108"),
        _generator("masked", "masked:MaskedCodes", "Chang et al. 2022, arXiv:2202.04200"),
        _generator("next-units", "next_units:NextUnits", "Ren et al. 2025, arXiv:2502.20388",
                   "S150"),
        _generator("next-scales", "next_scales:NextScales", "Ren et al. 2024, arXiv:2412.15205",
                   "S112"),
        _generator("any-to-any", "any_to_any:AnyToAny", "Mizrahi et al. 2023, arXiv:2312.06647",
                   "S021"),
        _generator("text-and-images", "text_and_images:TextAndImages",
                   "Ge et al. 2023, arXiv:2310.01218; Zhu et al. 2023, arXiv:2312.09251",
                   "S107", "S113"),
    ),
    error=SignalError,
)  # fmt: skip
