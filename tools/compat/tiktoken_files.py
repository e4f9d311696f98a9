"""tiktoken's cache of published files, made from the tokenizers of the data folder.

Only o200k_base and cl100k_base are there as such. GPT-2's and r50k's are made from GPT-2's
tokenizer.json, and p50k's from those with 24 runs of spaces behind; `tokenry.tiktoken` refuses
them unless they have the published checksums.
"""

from __future__ import annotations

import hashlib
import json
import os
from base64 import b64encode
from pathlib import Path

from tokenry.tiktoken.published import PUBLISHED
from tokenry.vocabulary import from_byte_level


def environment(work: Path) -> dict[str, str]:
    """TIKTOKEN_CACHE_DIR: the user's, or one made in ``work`` from TOKENRY_DATA."""
    data = os.environ.get("TOKENRY_DATA")
    if "TIKTOKEN_CACHE_DIR" in os.environ or data is None:
        return {}
    cache = work / "tiktoken-cache"
    fill(cache, Path(data) / "tokenizers")
    return {"TIKTOKEN_CACHE_DIR": str(cache)}


def fill(cache: Path, tokenizers: Path) -> None:
    """Write the files that ``tokenizers`` has, or has the means to make."""
    cache.mkdir(parents=True, exist_ok=True)
    contents = {
        f"{name}.tiktoken": (tokenizers / f"{name}.tiktoken").read_bytes()
        for name in ("cl100k_base", "o200k_base")
    }
    model = json.loads((tokenizers / "gpt-2_tokenizer.json").read_bytes())["model"]
    merges = [each if isinstance(each, str) else " ".join(each) for each in model["merges"]]
    contents["vocab.bpe"] = "\n".join(["#version: 0.2", *merges, ""]).encode()
    pieces = sorted(model["vocab"], key=model["vocab"].__getitem__)[:-1]  # the last is a special
    ranks = {from_byte_level(piece): rank for rank, piece in enumerate(pieces)}
    contents["r50k_base.tiktoken"] = _rank_file(ranks)
    spaces = {b" " * size: len(ranks) - 1 + size for size in range(2, 26)}
    contents["p50k_base.tiktoken"] = _rank_file({**ranks, **spaces})
    for encoding in PUBLISHED.values():
        for file in encoding.files:
            data = contents[file.url.rpartition("/")[2]]
            (cache / hashlib.sha1(file.url.encode()).hexdigest()).write_bytes(data)


def _rank_file(ranks: dict[bytes, int]) -> bytes:
    return b"".join(b"%b %d\n" % (b64encode(piece), rank) for piece, rank in ranks.items())
