import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tokenry.learning import learn

TEXT = "the cat sat on the mat and the dog sat on the log; it's 東京 again, 1234!\n" * 40


@pytest.fixture(scope="session")
def tokenizer_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small tokenizer, saved."""
    folder = tmp_path_factory.mktemp("tokenizer")
    learn([TEXT], vocab_size=290, special_tokens=("<|end|>",)).save(folder)
    return folder


Run = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run() -> Run:
    """Run the command line as a process."""

    def run(*args: object, data: bytes = b"") -> "subprocess.CompletedProcess[bytes]":
        command = [sys.executable, "-m", "tokenry.cli", *map(str, args)]
        environment = {**os.environ, "NO_COLOR": "1", "COLUMNS": "100"}
        return subprocess.run(
            command, input=data, capture_output=True, timeout=120, env=environment, check=False
        )

    return run
