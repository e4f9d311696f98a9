"""From a corpus to files of ids that training reads: encode, pack, write, verify, read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tokenry.lazy import lazily

if TYPE_CHECKING:
    from tokenry.shards.driver import JobReport, write_shards
    from tokenry.shards.options import ShardOptions
    from tokenry.shards.order import BatchOrder
    from tokenry.shards.reading import ShardRows, TokenShards
    from tokenry.shards.records import ShardSet
    from tokenry.shards.verifying import verify

__all__ = [
    "BatchOrder",
    "JobReport",
    "ShardOptions",
    "ShardRows",
    "ShardSet",
    "TokenShards",
    "verify",
    "write_shards",
]

__getattr__ = lazily(
    __name__,
    {
        ".driver": "JobReport write_shards",
        ".options": "ShardOptions",
        ".order": "BatchOrder",
        ".reading": "ShardRows TokenShards",
        ".records": "ShardSet",
        ".verifying": "verify",
    },
)
