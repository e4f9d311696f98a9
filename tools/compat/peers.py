"""Whose tests are run; one entry a library."""

from __future__ import annotations

from . import tiktoken_files, tokenizers_files
from .peer import Peer

PEERS = {
    each.name: each
    for each in (
        Peer(
            name="tiktoken",
            version="0.14.0",
            stands_in={"tiktoken": "tokenry.tiktoken"},
            total=33,
            environment=tiktoken_files.environment,
        ),
        Peer(
            name="sentencepiece",
            version="0.2.1",
            stands_in={"sentencepiece": "tokenry.sentencepiece"},
            total=23,
            tests="test",
        ),
        Peer(
            name="tokenizers",
            version="0.23.3",
            plugin="tools.compat.accelerated",
            stock=True,
            # pip would build it to learn its version, which needs Rust.
            archive=(
                "https://files.pythonhosted.org/packages/e0/7c/2cabb2174e772636683008f2c5621949b645"
                "da7d303c596589e84516a184/tokenizers-0.23.3.tar.gz",
                "cded33237c77caeef62944d32aa9a7ef42bdce2b3497e18d137e072a8c4be438",
            ),
            total=204,
            tests="bindings/python/tests",
            environment=tokenizers_files.environment,
            left_out=dict.fromkeys(
                (
                    "TestBertWordPieceTokenizer.test_multiprocessing_with_parallelism",
                    "TestByteLevelBPE.test_multiprocessing_with_parallelism",
                ),
                "asserts that a forked process hangs with threads on; with ours it does not",
            ),
        ),
    )
}
