"""Sentences of the held-out part, and where each tokenizer cuts them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import regex

from tokenry.measuring.by_domain import DomainSample
from tokenry.study.content import ExampleCut
from tokenry.tokenizer import Tokenizer

_LENGTH = (70, 220)  # characters: a line or three of a page
_EXAMPLES = 6
_LOOKED_AT = 400  # lines of a domain: enough to choose from


def choose_sentences(held_out: DomainSample, seed: int) -> list[tuple[str, str]]:
    """(domain, text) of up to six passages, at least one a domain where it has one.

    The choice is by a hash of the text, not by what flatters a tokenizer.
    """
    by_domain = {
        name: sorted(_passages(held_out, documents), key=lambda text: _order(text, seed))
        for name, documents in held_out.domains.items()
    }
    chosen: list[tuple[str, str]] = []
    for turn in range(_EXAMPLES):
        for name, passages in by_domain.items():
            if turn < len(passages) and len(chosen) < _EXAMPLES:
                chosen.append((name, passages[turn]))
    return chosen


def cut_example(text: str, tokenizers: Mapping[str, Tokenizer]) -> dict[str, ExampleCut]:
    """For each tokenizer the ids of ``text`` and the byte offset at which each ends."""
    found = {}
    for name, tokenizer in tokenizers.items():
        ids, spans = tokenizer.encode_with_spans(text)
        found[name] = ExampleCut(tuple(ids.tolist()), tuple(spans[:, 1].tolist()))
    return found


def _passages(held_out: DomainSample, documents: list[int]) -> list[str]:
    found: list[str] = []
    low, high = _LENGTH
    for i in documents:
        text = held_out.sample.documents[i].decode("utf-8", "replace")
        for paragraph in regex.split(r"\n\s*\n", text):
            passage = paragraph.strip("\n").rstrip()
            if len(passage) > high:
                passage = _shorten(passage, high)
            if low <= len(passage) <= high and "\ufffd" not in passage and _is_text(passage):
                found.append(passage)
        if len(found) >= _LOOKED_AT:
            break
    prose = [passage for passage in found if _is_prose(passage)]
    return prose or found or _fallback(held_out, documents)


def _shorten(passage: str, high: int) -> str:
    """The beginning, up to the last end of a sentence or a line, or a word."""
    start = passage[:high]
    for mark in (r"[.!?。！？।]['\"”’)]*(?=\s)|[。！？]", r"(?=\n)", r"(?=\s)"):
        ends = [match.end() for match in regex.finditer(mark, start)]
        if ends and ends[-1] >= high // 3:
            return start[: ends[-1]].rstrip()
    return "".join(regex.findall(r"\X", start)[:-1])


def _is_text(passage: str) -> bool:
    return len(regex.findall(r"\p{L}", passage)) * 2 > len(passage) and passage.count("\n") <= 8


def _is_prose(passage: str) -> bool:
    """Whether it reads like a sentence: begins with a letter, and holds little but words."""
    words = len(regex.findall(r"[\p{L}\p{M}\s]", passage))
    return passage[0].isalpha() and words >= 0.88 * len(passage) and passage.count("\n") <= 3


def _fallback(held_out: DomainSample, documents: list[int]) -> list[str]:
    text = held_out.sample.documents[documents[0]][:400].decode("utf-8", "replace").strip()
    return ["".join(regex.findall(r"\X", text)[:100])] if text else []


def _order(text: str, seed: int) -> bytes:
    return hashlib.blake2b(f"{seed}\n{text}".encode(), digest_size=8).digest()
