"""``tokenry info``: what to write into an issue."""

from __future__ import annotations

import json
import os
import platform
import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer

from tokenry import __version__
from tokenry.cli.arguments import Json

_PACKAGES = (
    *("numpy", "regex", "typer", "rich", "matplotlib", "babel", "scipy", "pyarrow", "zstandard"),
    *("torch", "transformers", "tokenizers", "tiktoken", "sentencepiece"),
)


def info(
    markdown: Annotated[
        bool, typer.Option("--markdown", help="Print a table for an issue.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Print versions, processor, vector path and threads.

    [bold]Example[/bold]

    tokenry info --markdown
    """
    facts = gather()
    if as_json:
        typer.echo(json.dumps(facts))
    elif markdown:
        typer.echo("| what | value |\n|---|---|")
        for name, value in facts.items():
            typer.echo(f"| {name} | {value} |")
    else:
        width = max(map(len, facts))
        for name, value in facts.items():
            typer.echo(f"{name:<{width}}  {value}")


def gather() -> dict[str, str]:
    """Everything that explains why it behaves differently on another machine."""
    facts = {
        "tokenry": __version__,
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
        "libc": " ".join(platform.libc_ver()),
        "processor": _processor(),
        "cores": f"{len(os.sched_getaffinity(0))} of {os.cpu_count()}",
        "threads": os.environ.get("TOKENRY_THREADS", "one a core"),
        "cache": os.environ.get("TOKENRY_CACHE_BYTES", "32 MB a thread"),
        "native core": _core(),
    }
    for package in _PACKAGES:
        facts[package] = _version(package)
    return facts


def _core() -> str:
    try:
        from tokenry import _native
    except ImportError as error:
        return f"missing ({error})"
    return f"{Path(_native.__file__).suffixes[0].lstrip('.')}, {_native.simd()}"


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith(("model name", "Model")):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
