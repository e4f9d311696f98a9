"""Whose tests are run; one entry a library."""

from __future__ import annotations

from . import tiktoken_files
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
    )
}
