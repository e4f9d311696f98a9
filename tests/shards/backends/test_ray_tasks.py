"""A cluster of Ray on this machine; it starts in seconds, so these are slow."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from shard_checks import GROUP, contents, once_killed, slowly_squared, write_lines

from tokenry.shards import ShardOptions, write_shards
from tokenry.shards.backends.ray_tasks import RayTasks
from tokenry.tokenizer import Tokenizer

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]
OPTIONS = ShardOptions(group_bytes=GROUP, length=64)


def worker_paths() -> str:
    """Where workers find the functions of tests, and the package."""
    known = filter(None, [os.environ.get("PYTHONPATH")])
    return os.pathsep.join(map(str, (Path(__file__).parents[1], *known)))


def ended(ray: Any, cluster: Any) -> None:
    """End a cluster, and let go of processes that were killed while warnings of it are ignored."""
    ray.shutdown()
    cluster.shutdown()
    gc.collect()


def test_what_a_lost_node_was_at_is_done_again() -> None:
    """Two nodes of one processor each; one is killed while both work."""
    ray = pytest.importorskip("ray")
    cluster_utils = pytest.importorskip("ray.cluster_utils")
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    node = cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False,
             runtime_env={"env_vars": {"PYTHONPATH": worker_paths()}})  # fmt: skip
    try:
        outcomes = RayTasks().map(slowly_squared, list(range(8)))
        found = [next(outcomes)]
        cluster.remove_node(node, allow_graceful=False)
        found += outcomes
        assert sorted(each.result for each in found) == [number**2 for number in range(8)]
    finally:
        ended(ray, cluster)


def test_shards_are_the_same_after_a_node_is_lost(
    sources: Path, tokenizer: Tokenizer, texts: list[str], tmp_path: Path
) -> None:
    """The node is killed when the first shard of many is made."""
    ray = pytest.importorskip("ray")
    cluster_utils = pytest.importorskip("ray.cluster_utils")
    for number in range(4, 60):
        write_lines(sources / f"{number}.jsonl.gz", texts[number % 7 :: 7] * 3)
    cluster = cluster_utils.Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    node = cluster.add_node(num_cpus=1)
    ray.init(address=cluster.address, log_to_driver=False,
             runtime_env={"env_vars": {"PYTHONPATH": worker_paths()}})  # fmt: skip
    lost: list[float] = []

    def lose(stage: str, done: float, total: float | None) -> None:
        if done and not lost:
            lost.append(done / (total or done))
            cluster.remove_node(node, allow_graceful=False)

    options = ShardOptions(group_bytes=1, length=64)
    try:
        write_shards(sources, tokenizer, tmp_path / "ray", options, ray="auto", progress=lose)
    finally:
        ended(ray, cluster)
    assert lost[0] < 0.5
    write_shards(sources, tokenizer, tmp_path / "here", options)
    assert contents(tmp_path / "ray") == contents(tmp_path / "here")


@pytest.fixture(scope="module")
def ray() -> Iterator[Any]:
    """A cluster of two processors, whose workers find what this process finds."""
    ray = pytest.importorskip("ray")
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    ray.init(num_cpus=2, include_dashboard=False, log_to_driver=False,
             runtime_env={"env_vars": {"PYTHONPATH": worker_paths()}})  # fmt: skip
    yield ray
    ray.shutdown()


def test_a_worker_that_dies_is_replaced(ray: Any, tmp_path: Path) -> None:
    items = [(str(tmp_path), number) for number in range(9)]
    outcomes = sorted(RayTasks().map(once_killed, items), key=lambda each: each.index)
    assert [each.result for each in outcomes] == [0, 1, 4, 9, 16, 25, 36, None, 64]
    assert outcomes[7].error == "ValueError: seven"


def test_shards_of_ray_are_those_of_this_process(
    ray: Any, sources: Path, tokenizer: Tokenizer, tmp_path: Path
) -> None:
    report = write_shards(sources, tokenizer, tmp_path / "ray", OPTIONS, ray="auto")
    assert report.summary is not None
    write_shards(sources, tokenizer, tmp_path / "here", OPTIONS)
    assert contents(tmp_path / "ray") == contents(tmp_path / "here")
