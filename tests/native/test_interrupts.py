"""Ctrl-C ends long work in the core within a second."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

CALLS = (
    "tokenizer.encode_to_numpy(large)",
    "tokenizer.encode_with_spans(large)",
    "tokenizer.count(large)",
    "tokenizer.encode_batch([large, large], threads=2)",
    "tokenizer.count_batch(many, threads=2)",
    "tokenizer.decode_batch([ids] * 200_000, threads=2)",
    "tokenizer.encode(word)",
    "tokenizer.encode_with_spans(word)",
)
LONG = (
    "tokenizer.encode_with_spans(large)",
    "tokenizer.decode(many)",
    "tokenizer.decode_batch([many])",
)
TURNS = 2  # the sooner one counts
LEARNED = """
import numpy as np
from tokenry import learn

english = "It was the best of times, it was the worst of times; don't you think? 12,345\\n"
tokenizer = learn([english * 20], kind={kind!r}, vocab_size=600)
ids = tokenizer.encode_to_numpy(english)
unseen = "".join(map(chr, np.random.default_rng(0).integers(97, 123, 4096)))
word = "".join(map(chr, np.random.default_rng(0).integers(97, 123, 20_000_000)))
large = (english + unseen) * 10_000
many = [large[at : at + 4096] for at in range(0, len(large), 4096)]
"""
LOADED = """
from tokenry import load

english = "It was the best of times, it was the worst of times; don't you think? 12,345\\n"
tokenizer = load({path!r})
ids = tokenizer.encode_to_numpy(english)
large = english * (50_000_000 // len(english))
many = ids.tolist() * (30_000_000 // len(ids))
"""
REPEAT = """
for call in [{calls}]:
    print("ready", flush=True)
    try:
        while True:
            call()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    assert tokenizer.encode(english) == ids.tolist()
"""


LATE = 1
"""Seconds of processor time; without looking for signals calls go on for ten and more."""


def seconds_of(process: subprocess.Popen[str]) -> float:
    """Its processor time, where that can be read: a machine with other work may let it wait."""
    stat = Path(f"/proc/{process.pid}/stat")
    if not stat.exists():
        return time.monotonic()
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("kind", ["bpe", "unigram", "wordpiece"])
def test_long_calls_end(kind: str) -> None:
    waits = waited(LEARNED.format(kind=kind), CALLS, seconds_of)
    assert not {call: seconds for call, seconds in waits.items() if min(seconds) >= LATE}


@pytest.mark.slow
@pytest.mark.parametrize("path", ["bert-base-uncased-vocab.txt", "cl100k_base.tiktoken"])
def test_the_longest_calls_end_within_a_second_by_the_clock(path: str) -> None:
    path = str(Path(os.environ.get("TOKENRY_DATA", "absent")) / "tokenizers" / path)
    if not Path(path).exists():
        pytest.skip(f"{path} is not here")
    waits = waited(LOADED.format(path=path), LONG, lambda process: time.monotonic(), after=1.5)
    assert not {call: seconds for call, seconds in waits.items() if min(seconds) >= LATE}


def waited(
    setting: str, calls: tuple[str, ...], clock: Callable[[Any], float], after: float = 0.2
) -> dict[str, list[float]]:
    """How long each call goes on after Ctrl-C, ``after`` seconds after it began."""
    repeated = "".join(f"lambda: {call}, " for call in calls for _ in range(TURNS))
    waits: dict[str, list[float]] = {call: [] for call in calls}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", setting + REPEAT.format(calls=repeated)],
        stdout=subprocess.PIPE,
        text=True,
        # A shell starts background jobs with SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None
        for call in calls:
            for _ in range(TURNS):
                assert process.stdout.readline() == "ready\n"
                time.sleep(after)
                begin = clock(process)
                process.send_signal(signal.SIGINT)
                assert process.stdout.readline() == "interrupted\n"
                waits[call].append(clock(process) - begin)
    assert process.returncode == 0
    return waits
