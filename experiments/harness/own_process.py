"""What code costs in a process of its own: processor seconds and peak memory."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

_BEFORE = """
import time
_start = time.process_time()
"""
# Not ru_maxrss: on Linux a process begins with that of the one that started it.
_AFTER = """
import json, resource
from pathlib import Path
_seconds = time.process_time() - _start
try:
    _lines = Path("/proc/self/status").read_text().splitlines()
    _peak = next(int(line.split()[1]) for line in _lines if line.startswith("VmHWM"))
except OSError:
    _peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"cpu_seconds": _seconds, "kilobytes": _peak}))
"""


@dataclass(frozen=True, slots=True)
class OwnCost:
    """Imports and the interpreter included in the memory, imports in the seconds."""

    cpu_seconds: float
    kilobytes: int


def cost_of(code: str, *arguments: str) -> OwnCost:
    """Run Python code, which finds ``arguments`` in ``sys.argv[1:]`` and prints nothing."""
    command = [sys.executable, "-c", _BEFORE + code + _AFTER, *arguments]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return OwnCost(**json.loads(done.stdout))
