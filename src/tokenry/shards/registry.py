"""Formats, packers and transforms by name."""

from __future__ import annotations

from typing import Final

from tokenry.errors import ShardError
from tokenry.registry import Entry, Registry
from tokenry.shards.formats.contract import ShardFormat
from tokenry.shards.packing.contract import Packer
from tokenry.shards.transforms.contract import Transform

_FORMATS: Final = "tokenry.shards.formats"
FORMATS: Final[Registry[type[ShardFormat]]] = Registry(
    "shard format",
    (
        Entry("own", f"{_FORMATS}.own:Own"),
        Entry("megatron", f"{_FORMATS}.megatron:Megatron", "Megatron-LM, indexed_dataset"),
        Entry("datatrove", f"{_FORMATS}.datatrove:Datatrove", "Penedo et al. 2024, datatrove"),
        Entry("mosaic", f"{_FORMATS}.mosaic:Mosaic", "MosaicML 2022, streaming"),
        Entry("litdata", f"{_FORMATS}.litdata:LitData", "Lightning AI 2023, litdata"),
        Entry("webdataset", f"{_FORMATS}.webdataset:WebDataset", "Breuel 2019, webdataset"),
        Entry("arrow", f"{_FORMATS}.arrow:Arrow", "Apache Arrow, IPC streams", (), "study"),
    ),
    ShardError,
)
"""How ids stand in files."""

_PACKING: Final = "tokenry.shards.packing"
PACKERS: Final[Registry[type[Packer]]] = Registry(
    "packer",
    (
        Entry(
            "best-fit",
            f"{_PACKING}.best_fit:BestFit",
            "Ding et al. 2024, arXiv:2404.10830",
            ("S089",),
        ),
        Entry("concat", f"{_PACKING}.concat:Concat"),
        Entry("bos", f"{_PACKING}.bos:Bos", "Karpathy 2025, nanochat"),
    ),
    ShardError,
)
"""How documents become rows of one length."""

_TRANSFORMS: Final = "tokenry.shards.transforms"
TRANSFORMS: Final[Registry[type[Transform]]] = Registry(
    "transform",
    (
        Entry("plain", f"{_TRANSFORMS}.plain:Plain"),
        Entry(
            "fim", f"{_TRANSFORMS}.fim:FillInTheMiddle", "Bavarian et al. 2022, arXiv:2207.14255"
        ),
        Entry("chat", f"{_TRANSFORMS}.chat:Chat", "", (), "neural"),
    ),
    ShardError,
)
"""What becomes of a document before it is packed."""
