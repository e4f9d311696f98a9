"""Writing a tokenizer.json that Hugging Face's tokenizers reads to equal ids.

What the format cannot say is an `UnsupportedError`; what it says only nearly is a reason in the
`TokenizerJson`.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tokenry.files import write_atomically
from tokenry.formats import json_numbers
from tokenry.formats.json_walk import Node, parse
from tokenry.formats.tokenizer_json.added_tokens import specs_of
from tokenry.formats.tokenizer_json.leaves import read_leaf
from tokenry.formats.tokenizer_json.names import spelled_ids
from tokenry.formats.tokenizer_json.normalizers import NORMALIZERS
from tokenry.formats.tokenizer_json.templates import read_template
from tokenry.text.components import Components, IdNames, Spec, Spelling
from tokenry.text.normalizers.metaspace import leaves_no_space
from tokenry.text.normalizers.replacing import FROM_METASPACE, TO_METASPACE, Prepend
from tokenry.text.parts import AddedToken, Normalizer
from tokenry.text.pipeline import Pipeline
from tokenry.vocabulary import METASPACE

_TO_SPACES = FROM_METASPACE.to_tokenizer_json().specs
_TO_MARKS = TO_METASPACE.to_tokenizer_json().specs
_SPACE_BEFORE = Prepend(" ").to_tokenizer_json().specs
_MARK_BEFORE = Prepend(METASPACE).to_tokenizer_json().specs
LAST_BIT = "tokenizers reads some scores a last bit off, however they are written"
# A string, or whatever else stands for itself.
_JSON_TOKEN: Final = re.compile(r'"(?:[^"\\]|\\.)*"|[^\s"\[\]{}:,]+')


@dataclass(frozen=True, slots=True)
class TokenizerJson:
    """A tokenizer.json.

    Attributes:
        content: as plain data.
        reasons: why its reader may give other ids; without one it gives the same.
        literals: how numbers are written whose shortest form tokenizers reads otherwise, by that.
    """

    content: Spec
    reasons: tuple[str, ...]
    literals: Mapping[str, str] = field(default_factory=dict)

    def dump(self) -> bytes:
        """The file."""
        text = json.dumps(self.content, ensure_ascii=False, allow_nan=False)
        if self.literals:
            text = _JSON_TOKEN.sub(lambda found: self.literals.get(found[0], found[0]), text)
        return text.encode()


def save_tokenizer_json(pipeline: Pipeline, path: str | os.PathLike[str]) -> Path:
    """Write a tokenizer.json; a folder gets one.

    Raises:
        UnsupportedError: the format cannot say this tokenizer.
    """
    path = Path(path)
    target = path / "tokenizer.json" if path.is_dir() else path
    return write_atomically(target, to_document(pipeline).dump())


def to_document(pipeline: Pipeline) -> TokenizerJson:
    """The tokenizer.json of a tokenizer.

    Raises:
        UnsupportedError: the format cannot say it; the message names the part.
    """
    writer = _Writer(pipeline)
    normalizer, pretokenizer, decoder = writer.normalizer, writer.pretokenizer, writer.decoder
    model = writer.model
    content = {
        "version": "1.0",
        "truncation": _kept(pipeline, "truncation"),
        "padding": _kept(pipeline, "padding"),
        "added_tokens": writer.added_tokens(),
        "normalizer": _section(writer.normalizers(), "normalizers"),
        "pre_tokenizer": _section(pretokenizer.specs, "pretokenizers") or writer.idle(),
        "post_processor": writer.post_processor(),
        "decoder": _section(decoder.specs, "decoders"),
        "model": {**model.specs[0], **_dropout(pipeline)},
    }
    literals, lost = _spelled_numbers(model.numbers)
    shared = _shared_ids(pipeline)
    random = ("tokenizers leaves out merges by chance",) if _dropout(pipeline) else ()
    reasons = (
        *model.reasons, *lost, *shared, *random, *normalizer.reasons, *pretokenizer.reasons,
        *decoder.reasons,
    )  # fmt: skip
    return TokenizerJson(content, reasons, literals)


def token_names(pipeline: Pipeline) -> dict[int, str]:
    """What a tokenizer.json of it calls each id.

    Raises:
        UnsupportedError: two ids have one name, or a piece is no text.
    """
    return _Writer(pipeline).names


def _shared_ids(pipeline: Pipeline) -> tuple[str, ...]:
    """A reason where two added tokens have one id, of which only the first is written."""
    contents: dict[int, str] = {}
    for token in pipeline.added_tokens:
        if contents.setdefault(token.id, token.content) != token.content:
            return ("of added tokens that share an id, tokenizers knows only one",)
    return ()


def _dropout(pipeline: Pipeline) -> dict[str, object]:
    """That of the file that was read, which no ids here have."""
    found = _kept(pipeline, "dropout")
    return {} if found is None else {"dropout": found}


def _kept(pipeline: Pipeline, section: str) -> object:
    text = pipeline.metadata.get(section)
    return None if text is None else json.loads(text)


def _section(specs: Sequence[Spec], children: str) -> Spec | None:
    if len(specs) < 2:
        return specs[0] if specs else None
    return {"type": "Sequence", children: list(specs)}


def _spelled_numbers(numbers: Sequence[float]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Literals of numbers whose shortest is read as another one, and what no literal gives."""
    spelled = {repr(number): json_numbers.spell(number) for number in numbers}
    literals = {
        shown: literal for shown, literal in spelled.items() if literal not in (None, shown)
    }
    lost = (LAST_BIT,) if None in spelled.values() else ()
    return literals, lost


class _Writer:
    """One tokenizer on its way into a file."""

    def __init__(self, pipeline: Pipeline) -> None:
        self.pipeline = pipeline
        self.vocabulary = pipeline.vocabulary
        self.normalizer = _said(pipeline.normalizer)

    @cached_property
    def spelling(self) -> Spelling:
        """How the file spells pieces: marked where U+2581 is read as a space."""
        if self.pipeline.segmenter.starts_from_bytes:
            return "bytes"
        marked = self.pipeline.pretokenizer.reads_marks
        if marked is None:
            marked = self.normalizer.specs[-1:] == _TO_SPACES
        return "marks" if marked else "plain"

    @cached_property
    def names(self) -> dict[int, str]:
        """What the file calls each id."""
        return spelled_ids(self.pipeline, self.spelling)

    @cached_property
    def model(self) -> Components:
        """The model."""
        return self.pipeline.segmenter.to_tokenizer_json(IdNames(self.names, self._listed()))

    def _listed(self) -> int:
        """The first of the added tokens at the end of the ids, which the model does not list."""
        roles = self.vocabulary.roles
        ids = (token.id for token in self.pipeline.added_tokens)
        added = {id_ for id_ in ids if roles.get(id_) in ("special", "added")}
        added -= {self.pipeline.segmenter.unknown}
        first = len(self.vocabulary)
        while first - 1 in added:
            first -= 1
        # tokenizers numbers such tokens from the size of the model on
        return first if all(id_ in self.names for id_ in range(first)) else len(self.vocabulary)

    # Sections around the model

    def normalizers(self) -> Sequence[Spec]:
        """The normalizers, with marks where text has spaces in our canonical form."""
        specs = self.normalizer.specs
        if self.spelling != "marks" or specs[-1:] != _TO_SPACES:
            return specs
        kept = specs[:-1]
        if _TO_MARKS[0] in kept:
            return kept
        if kept[-1:] == _SPACE_BEFORE:
            kept = kept[:-1] + _MARK_BEFORE
        return kept + _TO_MARKS

    @cached_property
    def pretokenizer(self) -> Components:
        """What cuts text."""
        return self.pipeline.pretokenizer.to_tokenizer_json(self.spelling)

    def idle(self) -> Spec | None:
        """The file's own pretokenizers where they cut nothing, since no space is left."""
        kept = self.pipeline.metadata.get("pre_tokenizer")
        found = [read_leaf(Node(spec, ""), NORMALIZERS, "") for spec in self.normalizers()]
        if kept is None or not leaves_no_space(found):
            return None
        content: Spec = json.loads(kept)
        return content

    @cached_property
    def decoder(self) -> Components:
        """What joins tokens."""
        if self.pipeline.decoder is not None:
            return self.pipeline.decoder.to_tokenizer_json()
        uncut = not self.pretokenizer.specs
        return self.pipeline.segmenter.plain_decoder(self.spelling, uncut=uncut)

    def added_tokens(self) -> list[Spec]:
        """The section of added tokens."""
        return specs_of(self._all_added())

    def _all_added(self) -> list[AddedToken]:
        # The first of those that share an id, as a dict keeps it.
        first = {token.id: token for token in reversed(self.pipeline.added_tokens)}
        known = [token for token in self.pipeline.added_tokens if first[token.id] is token]
        listed = first.keys()
        defined = self.vocabulary.ids_with("user_defined")
        # tokenizers would give a new id to one with a space, which its model spells otherwise
        return known + [
            AddedToken(self.names[id_], id_, special=False)
            for id_ in defined
            if id_ not in listed and METASPACE not in self.names[id_]
        ]

    def post_processor(self) -> Spec | None:
        """The template: the file's own where the tokenizer came from one and still has it."""
        kept = self.pipeline.metadata.get("post_processor")
        template = self.pipeline.template
        if kept is not None:
            node = parse(kept.encode(), "post_processor")
            if read_template(node) == template:
                content: Spec = json.loads(kept)
                return content
        if template is None:
            return None
        before = [_special(self.names[id_], 0) for id_ in template.before]
        after = [_special(self.names[id_], 0) for id_ in template.after]
        again = [_special(self.names[id_], 1) for id_ in template.after]
        names = {self.names[id_]: id_ for id_ in (*template.before, *template.after)}
        single = [*before, _text("A", 0), *after]
        return {
            "type": "TemplateProcessing",
            "single": single,
            "pair": [*single, _text("B", 1), *again],
            "special_tokens": {
                name: {"id": name, "ids": [id_], "tokens": [name]} for name, id_ in names.items()
            },
        }


def _said(normalizer: Normalizer | None) -> Components:
    return Components() if normalizer is None else normalizer.to_tokenizer_json()


def _special(name: str, type_id: int) -> dict[str, Any]:
    return {"SpecialToken": {"id": name, "type_id": type_id}}


def _text(name: str, type_id: int) -> dict[str, Any]:
    return {"Sequence": {"id": name, "type_id": type_id}}
