"""One library whose tests we run: what is downloaded, what stands in for it, what is left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


def no_environment(work: Path) -> dict[str, str]:
    """For tests that need no files of their own."""
    return {}


@dataclass(frozen=True, kw_only=True)
class Peer:
    """A library and its tests.

    Attributes:
        name: as in the package index.
        version: whose tests are run.
        total: how many tests there are, so that a suite that was not found is not a success.
        stands_in: by the name of a module of the library, ours that is imported instead.
        plugin: a module that pytest loads, for what an import cannot change.
        stock: run the tests without ours, too: only those that pass so have to pass.
        archive: where its source package is, and its SHA-256; else pip finds it.
        tests: the folder of tests in the source package.
        files: patterns of the files in it that are copied; tests may need data beside them.
        environment: given a folder to work in, variables for the run.
        left_out: by the name of a test, why it cannot pass; it is run all the same, and counted
            by itself.
    """

    name: str
    version: str
    total: int
    stands_in: Mapping[str, str] = field(default_factory=dict)
    plugin: str = ""
    stock: bool = False
    archive: tuple[str, str] | None = None
    tests: str = "tests"
    files: tuple[str, ...] = ("**/*",)
    environment: Callable[[Path], dict[str, str]] = no_environment
    left_out: Mapping[str, str] = field(default_factory=dict)
