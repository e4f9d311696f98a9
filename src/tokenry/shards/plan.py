"""Which sources become which shard."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass

from tokenry.corpus import Corpus
from tokenry.errors import ShardError
from tokenry.files import AnyPath
from tokenry.shards.storage import expanded, is_remote, size_of

Paths = Corpus | AnyPath | Iterable[AnyPath]


@dataclass(frozen=True, slots=True)
class ShardTask:
    """Sources that become one shard.

    Attributes:
        number: of the shard, from 0.
        sources: paths or URLs of files, in order.
        size: their bytes.
    """

    number: int
    sources: tuple[str, ...]
    size: int

    @property
    def name(self) -> str:
        """What names of its files begin with."""
        return f"shard-{self.number:05d}"


def plan(files: Iterable[AnyPath], group_bytes: int) -> list[ShardTask]:
    """Tasks for files: neighbours together until they have ``group_bytes``.

    It depends on the order and the sizes of files only, so that every machine makes the same.
    """
    tasks: list[ShardTask] = []
    group: list[str] = []
    held = 0
    for source in [os.fspath(each) for each in files]:
        group.append(source)
        held += size_of(source)
        if held >= group_bytes:
            tasks.append(ShardTask(len(tasks), tuple(group), held))
            group, held = [], 0
    if group:
        tasks.append(ShardTask(len(tasks), tuple(group), held))
    return tasks


def files_of(data: Paths) -> list[str]:
    """The files of paths, folders, globs and URLs, or of a corpus.

    Raises:
        CorpusError: a path does not exist.
        ShardError: a URL does not, or the corpus is in memory.
    """
    if isinstance(data, Corpus):
        given: list[AnyPath | Corpus] = [data]
    else:
        given = [data] if isinstance(data, str | os.PathLike) else list(data)
    found: dict[str, None] = {}
    for each in given:
        found.update(dict.fromkeys(_files(each)))
    return list(found)


def _files(given: AnyPath | Corpus) -> list[str]:
    if not isinstance(given, Corpus) and is_remote(given):
        return expanded(str(given))
    corpus = given if isinstance(given, Corpus) else Corpus.from_paths(given)
    if not corpus.files:
        raise ShardError("shards are made of files; give paths, or a Corpus.from_paths")
    return [str(found.path) for found in corpus.files]
