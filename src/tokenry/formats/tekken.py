"""tekken.json (Mistral AI): tiktoken's ranks as JSON, with their pattern and their specials.

The specials stand before the ranks, so a piece has its rank plus their number as id. mistral-common
reads as many ranks as the size says, and never finds specials in text.
"""

from __future__ import annotations

from binascii import Error as Base64Error
from binascii import a2b_base64
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from tokenry.errors import FormatError, VocabularyError
from tokenry.formats.files import GivenFile
from tokenry.formats.json_walk import Node, parse
from tokenry.formats.specials import check_single_bytes, split_by
from tokenry.text.parts import AddedToken
from tokenry.text.pipeline import Pipeline
from tokenry.text.segmenters.bpe import BytePairSegmenter
from tokenry.vocabulary import MAX_ID, Vocabulary

WHAT = "tekken.json"
_FROM_BASE64 = partial(a2b_base64, strict_mode=True)
# Files of the first releases name none (mistral-common's DEPRECATED_SPECIAL_TOKENS).
FIRST_SPECIALS = (
    *("<unk>", "<s>", "</s>", "[INST]", "[/INST]", "[AVAILABLE_TOOLS]", "[/AVAILABLE_TOOLS]"),
    *("[TOOL_RESULTS]", "[/TOOL_RESULTS]", "[TOOL_CALLS]", "[IMG]", "<pad>", "[IMG_BREAK]"),
    *("[IMG_END]", "[PREFIX]", "[MIDDLE]", "[SUFFIX]", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]"),
    "[TOOL_CONTENT]",
)


def read(file: GivenFile) -> Pipeline:
    """`load` for a file that was found."""
    return load(file.data)


def load(data: bytes) -> Pipeline:
    """Load a tekken.json.

    Raises:
        FormatError: the file is malformed; the message names the place.
    """
    node = parse(data, WHAT)
    config = node.need("config")
    count = config.need("default_num_special_tokens").integer(MAX_ID)
    size = config.need("default_vocab_size").integer(MAX_ID)
    pattern = config.need("pattern").text()
    specials = _specials(node, count)
    pieces = _usual_pieces(node.need("vocab"), count, size)
    if pieces is None:
        pieces = dict(_pieces(node.need("vocab"), count, size))
    vocabulary = _vocabulary(specials, pieces, size, node)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=BytePairSegmenter.from_ranks(vocabulary),
        pretokenizer=split_by(pattern, WHAT),
        added_tokens=[AddedToken(text, id_) for id_, text in sorted(specials.items())],
        metadata={"format": "tekken"},
    )


def _specials(node: Node, count: int) -> dict[int, str]:
    listed = node.get("special_tokens")
    if listed is None:
        named = dict(enumerate(FIRST_SPECIALS[:count]))
    else:
        named = {
            each.need("rank").integer(MAX_ID): each.need("token_str").text()
            for each in listed.items()
        }
    if any(id_ >= count for id_ in named):
        node.fail(f"special tokens below {count}, as default_num_special_tokens says")
    specials = {id_: named.get(id_, f"<SPECIAL_{id_}>") for id_ in range(count)}
    if len(set(specials.values())) < count or "" in specials.values():
        node.fail("special tokens that differ and are not empty")
    return specials


def _usual_pieces(node: Node, count: int, size: int) -> dict[int, bytes] | None:
    """The pieces of entries that are all as they should be: a fifth of the time."""
    entries: Any = node.value
    try:
        kept = entries[: max(0, size - count)]
        ranks = [entry["rank"] for entry in kept]
        pieces = [_FROM_BASE64(entry["token_bytes"]) for entry in kept]
    except (TypeError, KeyError, ValueError):
        return None
    usual = type(entries) is list and set(map(type, ranks)) == {int} and min(ranks) >= 0
    return dict(zip((rank + count for rank in ranks), pieces, strict=True)) if usual else None


def _pieces(node: Node, count: int, size: int) -> Iterator[tuple[int, bytes]]:
    for entry in islice(node.items(), max(0, size - count)):
        rank = entry.need("rank").integer(MAX_ID)
        try:
            piece = _FROM_BASE64(entry.need("token_bytes").text())
        except (Base64Error, ValueError) as error:
            raise FormatError(
                f"{entry.path}: the base64 of the piece is damaged ({error})"
            ) from None
        yield rank + count, piece


def _vocabulary(
    specials: dict[int, str], pieces: dict[int, bytes], size: int, node: Node
) -> Vocabulary:
    expected = set(range(len(specials), size))
    if pieces.keys() != expected:
        node.need("vocab").fail(
            f"the ranks 0 to {size - len(specials) - 1}, each once; {len(pieces)} were found"
        )
    if len(set(pieces.values())) < len(pieces):
        node.need("vocab").fail("pieces that differ")
    every = {**{id_: text.encode() for id_, text in specials.items()}, **pieces}
    try:
        vocabulary = Vocabulary.from_ids(every, dict.fromkeys(specials, "special"))
    except VocabularyError as error:
        raise FormatError(f"{WHAT}: {error}") from None
    check_single_bytes(vocabulary, WHAT)
    return vocabulary
