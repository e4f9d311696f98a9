"""Ctrl-C ends long work in the core within a second."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

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
TURNS = 2  # the sooner one counts
PROGRAM = """
import numpy as np
from tokenry import learn

english = "It was the best of times, it was the worst of times; don't you think? 12,345\\n"
tokenizer = learn([english * 20], kind={kind!r}, vocab_size=600)
ids = tokenizer.encode_to_numpy(english)
unseen = "".join(map(chr, np.random.default_rng(0).integers(97, 123, 4096)))
word = "".join(map(chr, np.random.default_rng(0).integers(97, 123, 20_000_000)))
large = (english + unseen) * 10_000
many = [large[at : at + 4096] for at in range(0, len(large), 4096)]
for call in [{calls}]:
    print("ready", flush=True)
    try:
        while True:
            call()
    except KeyboardInterrupt:
        print("interrupted", flush=True)
    assert tokenizer.encode(english) == ids.tolist()
"""


LATE = 3
"""Seconds of processor time. Where nothing is in the way calls end within one; without looking for
signals they go on for ten and more."""


def seconds_of(process: subprocess.Popen[str]) -> float:
    """Its processor time, where that can be read: a machine with other work may let it wait."""
    stat = Path(f"/proc/{process.pid}/stat")
    if not stat.exists():
        return time.monotonic()
    fields = stat.read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@pytest.mark.parametrize("kind", ["bpe", "unigram", "wordpiece"])
def test_long_calls_end(kind: str) -> None:
    calls = "".join(f"lambda: {call}, " for call in CALLS for _ in range(TURNS))
    waits: dict[str, list[float]] = {call: [] for call in CALLS}
    with subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", PROGRAM.format(kind=kind, calls=calls)],
        stdout=subprocess.PIPE,
        text=True,
        # A shell starts background jobs with SIGINT ignored, and children inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        assert process.stdout is not None
        for call in CALLS:
            for _ in range(TURNS):
                assert process.stdout.readline() == "ready\n"
                time.sleep(0.2)
                begin = seconds_of(process)
                process.send_signal(signal.SIGINT)
                assert process.stdout.readline() == "interrupted\n"
                waits[call].append(seconds_of(process) - begin)
    assert process.returncode == 0
    late = {call: seconds for call, seconds in waits.items() if min(seconds) >= LATE}
    assert not late
