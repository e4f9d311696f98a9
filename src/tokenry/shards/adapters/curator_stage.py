"""A stage of NeMo-Curator: a group of files to a shard.

    pipeline.add_stage(FilePartitioningStage("data/", files_per_partition=8))
    pipeline.add_stage(TokenryShards("my-bpe/", "shards/", ShardOptions(length=2048)))
    pipeline.run()
    complete(TokenryShards("my-bpe/", "shards/", ...).job)

A shard is named after its sources, so that a group that is processed twice gives one. When all are
there, `tokenry.shards.driver.complete` writes what describes them.
"""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import Any

from nemo_curator.stages.base import ProcessingStage
from nemo_curator.stages.resources import Resources
from nemo_curator.tasks import FileGroupTask

from tokenry.shards.driver import DEFAULTS, is_complete
from tokenry.shards.job import ShardJob, make_shard
from tokenry.shards.options import ShardOptions
from tokenry.shards.plan import ShardTask
from tokenry.tokenizer_files import load_tokenizer


class TokenryShards(ProcessingStage[FileGroupTask, FileGroupTask]):  # type: ignore[misc]
    """Groups of files to shards.

    Args:
        tokenizer: a file or a folder.
        out: the folder of the shards, a path or a URL that all workers reach.
        options: what is written.
    """

    name = "tokenry_shards"
    resources = Resources(cpus=1.0)

    def __init__(self, tokenizer: str, out: str, options: ShardOptions = DEFAULTS) -> None:
        self.place, self.out, self.options = tokenizer, out, options

    @cached_property
    def job(self) -> ShardJob:
        """What all shards share; loaded once a worker."""
        return ShardJob(load_tokenizer(self.place), self.options, self.out)

    def setup(self, worker_metadata: Any = None) -> None:
        """Load the tokenizer."""
        assert self.job.frame

    def inputs(self) -> tuple[list[str], list[str]]:
        """What a task must have."""
        return ["data"], []

    def outputs(self) -> tuple[list[str], list[str]]:
        """What it has afterwards."""
        return ["data"], []

    def process(self, task: FileGroupTask) -> FileGroupTask:
        """Write the shard of a group of files, unless it is there; gives its files."""
        sources = tuple(map(str, task.data))
        digest = hashlib.blake2b("\0".join(sources).encode(), digest_size=6).digest()
        shard = ShardTask(int.from_bytes(digest, "little"), sources, 0)
        if not is_complete(self.job, shard, self.job.folder.sizes()):
            make_shard(self.job, shard)
        names = [name for name in self.job.folder.sizes() if name.startswith(f"{shard.name}-")]
        return FileGroupTask(
            dataset_name=task.dataset_name,
            data=[f"{self.out}/{name}" for name in sorted(names)],
            _metadata=task._metadata,
            _stage_perf=task._stage_perf,
        )

    def __getstate__(self) -> dict[str, Any]:
        """Names only: each worker loads its tokenizer itself."""
        return {key: value for key, value in self.__dict__.items() if key != "job"}
