"""Run a function of a race in a process of its own, so that time and memory are its own.

`python -m benchmarks.child MODULE FUNCTION JSON_ARGUMENTS` prints what the function returns.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import subprocess
import sys
from pathlib import Path
from typing import Any

MARK = "result: "


def call(module: str, function: str, *arguments: Any, env: dict[str, str] | None = None) -> Any:
    """What `function(*arguments)` returns in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.child", module, function, json.dumps(arguments)]
    done = subprocess.run(
        command, capture_output=True, text=True, env={**os.environ, **(env or {})}, check=False
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(MARK)]
    if done.returncode or not lines:
        tail = "\n".join(done.stderr.splitlines()[-15:])
        raise RuntimeError(f"{module}.{function}{arguments} failed ({done.returncode}):\n{tail}")
    return json.loads(lines[-1].removeprefix(MARK))


def peak_megabytes() -> float:
    """The largest resident memory of this process so far.

    Not `getrusage`: its figure is passed on by fork and exec, so that a process that a large one
    started would begin with the peak of that.
    """
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) / 1024


def resident_megabytes() -> float:
    """The resident memory of this process now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize() / 2**20


if __name__ == "__main__":
    name, target, given = sys.argv[1:]
    output = getattr(importlib.import_module(name), target)(*json.loads(given))
    print(MARK + json.dumps(output), flush=True)
