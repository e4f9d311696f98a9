"""Which backend does what a person asked for: workers here, or a cluster."""

from __future__ import annotations

from tokenry.shards.backends.contract import Backend
from tokenry.shards.backends.here import Here
from tokenry.shards.backends.pool import Pool
from tokenry.shards.backends.ray_tasks import RayTasks


def backend_for(workers: int = 1, ray: str | None = None) -> Backend:
    """A cluster of Ray at an address, else a pool of processes, else this process."""
    if ray is not None:
        return RayTasks(ray, workers)
    return Pool(workers) if workers > 1 else Here()
