"""Whether tokenizer, config and rows of a model agree."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tokenry.extras import require
from tokenry.seeds import generator
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.certificate.content import CertificateCheck, checked, noted
from tokenry.transfer.certificate.subject import Subject, SubjectPair
from tokenry.transfer.matching import ordinary_pieces
from tokenry.transfer.model_folder import GENERATION, read_json
from tokenry.transfer.roles import special_names, special_roles
from tokenry.transfer.special_ids import ENDINGS

SAMPLES = 200  # texts that are written and read again
ALPHABET = "abc ABC.,;!?\n\t012389éß中文日本語한국어Ελλάсмир\u0301🙂🏽\u200d½ﬁ\x00\x7f\u00a0\ufeff"


def structure_checks(pair: SubjectPair) -> Iterator[CertificateCheck]:
    """Rows, specials, the saved tokenizer, and ids that are twice there or never come."""
    after = pair.after
    yield _loads(after)
    yield _rows(after)
    yield _specials(after)
    yield _saved(after)
    yield _round_trip(after.tokenizer, pair.seed)
    yield from _vocabulary(after.tokenizer)


def _loads(after: Subject) -> CertificateCheck:
    found = after.trouble or f"loads as {after.tensors.architecture}"
    return checked(
        "loads", not after.trouble, found, "transformers loads it, no tensor is left over"
    )


def _rows(after: Subject) -> CertificateCheck:
    config = after.folder.config
    stated = (config.get("text_config") or {}).get("vocab_size", config.get("vocab_size"))
    ids, (inputs, outputs) = len(after.tokenizer), after.rows
    biases = [each.shape[0] for each in after.tensors.biases]
    holds = inputs == outputs == stated and inputs >= ids and all(b == outputs for b in biases)
    found = f"{ids} ids, {inputs} input and {outputs} output rows, vocab_size {stated}"
    return checked("rows", holds, found, "as many rows as the config says, and one for each id")


def _specials(after: Subject) -> CertificateCheck:
    """Ids in both configs stand for specials of the tokenizer, and the three agree on the end."""
    tokenizer, config = after.tokenizer, after.folder.config
    generation = read_json(after.folder.path / GENERATION) or {}
    known, roles = set(special_names(tokenizer).values()), special_roles(tokenizer)
    wrong = []
    for name, content in (("config", config), ("generation_config", generation)):
        for key, value in content.items():
            if key.endswith(ENDINGS) and value is not None:
                ids = value if isinstance(value, list) else [value]
                wrong += [f"{name}.{key} {id_}" for id_ in ids if id_ not in known]
    ends = {_first(each["eos_token_id"]) for each in (config, generation) if "eos_token_id" in each}
    ends |= {roles["eos"]} if "eos" in roles else {None}
    if len(ends) != 1 or None in ends:
        wrong.append(f"ends of text {sorted(map(str, ends))}")
    found = ", ".join(wrong) or f"{len(roles)} uses, end of text {roles.get('eos')}"
    return checked("specials", not wrong, found, "config, generation config and tokenizer agree")


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value


def _saved(after: Subject) -> CertificateCheck:
    """transformers' tokenizer of the folder gives our ids, and no token is there twice."""
    transformers = require("transformers", "neural", "a certificate")
    loaded = transformers.AutoTokenizer.from_pretrained(after.folder.path, local_files_only=True)
    specials = set(special_names(after.tokenizer))
    wrong = []
    for text in _samples(after.tokenizer, 0):
        if not any(name in text for name in specials):
            ids = loaded(text, add_special_tokens=False)["input_ids"]
            if ids != after.tokenizer.encode(text):
                wrong.append(text)
    content = read_json(after.folder.path / "tokenizer.json") or {}
    added = [token["content"] for token in content.get("added_tokens", ())]
    twice = len(added) - len(set(added))
    found = f"{len(wrong)} of {SAMPLES} texts get other ids, {twice} added tokens are there twice"
    found += f"; the first: {json.dumps(wrong[0])}" if wrong else ""
    return checked("saved tokenizer", not wrong and not twice, found, "AutoTokenizer gives our ids")


def _round_trip(tokenizer: Tokenizer, seed: int) -> CertificateCheck:
    samples = _samples(tokenizer, seed)
    lost = [
        each for each in samples if tokenizer.decode_bytes(tokenizer.encode(each)) != each.encode()
    ]
    found = f"{len(samples) - len(lost)} of {len(samples)} texts come back"
    if not tokenizer.lossless:
        return noted("round trip", f"{found}; the tokenizer changes text, as it says")
    found += f"; the first that does not: {json.dumps(lost[0])}" if lost else ""
    return checked("round trip", not lost, found, "all of them")


def _samples(tokenizer: Tokenizer, seed: int) -> list[str]:
    """Texts of drawn characters and of drawn pieces."""
    draw = generator(seed, "certificate")
    pieces = [piece.decode("utf-8", "ignore") for piece in ordinary_pieces(tokenizer).values()]
    found = []
    for at in range(SAMPLES):
        source = pieces if at % 2 and pieces else list(ALPHABET)
        found.append("".join(source[k] for k in draw.integers(0, len(source), 1 + at % 25)))
    return found


def _vocabulary(tokenizer: Tokenizer) -> Iterator[CertificateCheck]:
    ordinary = set(ordinary_pieces(tokenizer)) - set(tokenizer.vocabulary.ids_with("byte"))
    twice = [
        piece
        for piece, ids in tokenizer.vocabulary.duplicates().items()
        if len(ordinary & set(ids)) > 1
    ]
    found = f"{len(twice)} pieces have two ids" + (f", such as {twice[0]!r}" if twice else "")
    yield checked("duplicates", not twice, found, "none")
    never = len(tokenizer.unreachable())
    yield checked(
        "unreachable ids", not never, f"{never} ids come out of no text", "none", hard=False
    )
