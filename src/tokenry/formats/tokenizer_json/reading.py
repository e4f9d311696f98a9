"""Reading a tokenizer.json: ids equal to those of Hugging Face's tokenizers.

What a file asks for and tokenry does not do is an `UnsupportedError` that names it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from tokenry.errors import FormatError, VocabularyError
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import Node
from tokenry.formats.notes import told
from tokenry.formats.tokenizer_json.added_tokens import read_added, spelled_tokens
from tokenry.formats.tokenizer_json.bpe import dropout_of
from tokenry.formats.tokenizer_json.decoders import read_decoders
from tokenry.formats.tokenizer_json.model import ModelSection
from tokenry.formats.tokenizer_json.models import read_model
from tokenry.formats.tokenizer_json.normalizers import read_normalizers
from tokenry.formats.tokenizer_json.pretokenizers import read_pretokenizers
from tokenry.formats.tokenizer_json.sections import parse_sections
from tokenry.formats.tokenizer_json.templates import read_template
from tokenry.formats.tokenizer_json.text_parts import TextParts, spelling_of
from tokenry.formats.tokenizer_json.vocabulary import make_vocabulary
from tokenry.text.added_tokens import by_content
from tokenry.text.components import Spelling
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.decoders.steps import ByteLevelDecoder
from tokenry.text.decoders.token_bytes import byte_level_bytes
from tokenry.text.normalizers.metaspace import leaves_no_space
from tokenry.text.normalizers.sequence import NormalizerSequence
from tokenry.text.parts import Decoder, Normalizer, Template
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.steps import PretokenizerStep
from tokenry.vocabulary import Vocabulary

WHAT = "tokenizer.json"
VERSION = "1.0"
# Sections that travel with a tokenizer so that a file written again has them.
KEPT = ("truncation", "padding", "post_processor")
KEPT_IDLE = ("pre_tokenizer",)  # where it cuts nothing behind the normalizers (Gemma)
DROPOUT = "dropout"


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found."""
    return load(file.data)


def load(data: bytes) -> Pipeline:
    """Read a tokenizer from the bytes of a tokenizer.json.

    Raises:
        FormatError: the file is malformed; the message names the place.
        UnsupportedError: it asks for a component or a setting that tokenry does not have.
    """
    node = parse_sections(data, WHAT)
    try:
        return _load(node)
    except VocabularyError as error:
        raise FormatError(f"{WHAT}: {error}") from None


def _load(node: Node) -> Pipeline:
    version = node.get_text("version")
    if version not in (None, VERSION):
        node.unsupported(f"version {version!r}; known is {VERSION!r}")
    normalizers = read_normalizers(node.get("normalizer"))
    given = read_pretokenizers(node.get("pre_tokenizer"))
    steps = _that_cut(given, normalizers)
    idle = KEPT_IDLE if given and not steps else ()
    model = read_model(node.need("model"))
    notes: list[str] = []
    dropout = dropout_of(node.need("model"))
    if dropout:
        notes.append(f"dropout {dropout} gives other ids at every call; here no merge is left out")
    added = read_added(node.get("added_tokens"), model, notes)
    spelling = spelling_of(model, normalizers, steps)
    spelled = spelled_tokens(added, normalizers)
    vocabulary = make_vocabulary(model, added, spelling, spelled)
    segmenter = model.segmenter(vocabulary, spelling)
    for normalized in (False, True):
        alike = [token for token in added if token.normalized is normalized]
        by_content(alike, NormalizerSequence(tuple(normalizers)))
    before = TextParts(normalizers, steps, added, spelling)
    normalizer, pretokenizer = before.parts(model, vocabulary)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=segmenter,
        pretokenizer=pretokenizer,
        normalizer=normalizer,
        added_tokens=added,
        template=_checked_template(node, vocabulary),
        decoder=_decoder(node, model, spelling, vocabulary, spelled),
        metadata={**_kept(node, (*KEPT, *idle), dropout), **told(notes, WHAT)},
    )


def _that_cut(
    steps: Sequence[PretokenizerStep], normalizers: Sequence[Normalizer]
) -> Sequence[PretokenizerStep]:
    """Steps without those that find nothing: no space is left by the normalizers of Gemma."""
    if not leaves_no_space(normalizers):
        return steps
    return [step for step in steps if not step.cuts_at_spaces_only]


def _kept(node: Node, keys: Sequence[str], dropout: float) -> dict[str, str]:
    sections = ((key, node.get(key)) for key in keys)
    kept = {key: json.dumps(found.object()) for key, found in sections if found is not None}
    return {**kept, DROPOUT: json.dumps(dropout)} if dropout else kept


def _checked_template(node: Node, vocabulary: Vocabulary) -> Template | None:
    template = read_template(node.get("post_processor"))
    for id_ in (*template.before, *template.after) if template else ():
        if id_ >= len(vocabulary):
            node.need("post_processor").fail(f"ids below {len(vocabulary)}, and not {id_}")
    return template


def _decoder(
    node: Node,
    model: ModelSection,
    spelling: Spelling,
    vocabulary: Vocabulary,
    spelled: Mapping[int, str],
) -> Decoder | None:
    steps = read_decoders(node.get("decoder"))
    # Pieces of the model are what this decoder makes of tokens; where those of added tokens are
    # too, joining them is enough.
    if (
        spelling == "bytes"
        and not model.has_affixes
        and steps == (ByteLevelDecoder(),)
        and model.tokens.find("") in (None, *spelled)
        and all(text and byte_level_bytes(text) == vocabulary[i] for i, text in spelled.items())
    ):
        return None
    names = [*model.tokens.texts, *[None] * (len(vocabulary) - model.tokens.size)]
    for id_, text in spelled.items():
        names[id_] = text
    return SpelledDecoder(tuple(names), steps)
