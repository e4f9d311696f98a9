"""What explains why this package behaves differently on another machine."""

from __future__ import annotations

import os
import platform
import sys
from importlib import import_module, metadata
from pathlib import Path

from tokenry.version import __version__

_PACKAGES = (
    *("numpy", "regex", "typer", "rich", "matplotlib", "babel", "scipy", "pyarrow", "zstandard"),
    *("torch", "transformers", "tokenizers", "tiktoken", "sentencepiece"),
)


def environment() -> dict[str, str]:
    """Versions, processor, vector path and threads, by what they are called."""
    facts = {
        "tokenry": __version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libc": " ".join(platform.libc_ver()),
        "processor": processor(),
        "cores": f"{_usable_cores()} of {os.cpu_count()}",
        "threads": os.environ.get("TOKENRY_THREADS", "one a core"),
        "cache": os.environ.get("TOKENRY_CACHE_BYTES", "32 MB a thread"),
        "native core": _core(),
    }
    return facts | {package: _version(package) for package in _PACKAGES}


def _usable_cores() -> int | None:
    """Those that this process may use, where the system tells."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


def processor() -> str:
    """The name of the processor."""
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith(("model name", "Model")):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def _core() -> str:
    try:
        core = import_module("tokenry._native")
    except ImportError as error:
        return f"missing ({error})"
    return f"{Path(core.__file__ or '').suffixes[0].lstrip('.')}, {core.simd()}"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
