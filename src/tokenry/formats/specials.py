"""What rank files and merges leave to the caller: the split pattern and the specials."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tokenry.errors import FormatError, UnsupportedError, VocabularyError
from tokenry.formats.configuration import CONFIGURATION, Beside
from tokenry.text.config import USES
from tokenry.text.parts import AddedToken, Pretokenizer
from tokenry.text.pretokenizers.names import splitter_named
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.pretokenizers.split_patterns import ALIASES, PATTERNS
from tokenry.vocabulary import MAX_ID, Vocabulary


def split_by(pattern: str | None, what: str) -> Pretokenizer:
    """The pretokenizer for a file that does not state one.

    Args:
        pattern: a known name, or the regular expression of what is kept as pretokens; text that it
            does not match is dropped, as tiktoken does.
        what: what the file is, for errors.

    Raises:
        FormatError: no pattern is given, or a name that is not known; the message lists the names.
        UnsupportedError: the expression does not compile.
    """
    names = ", ".join([*PATTERNS, *ALIASES])
    if pattern is None:
        raise FormatError(
            f"a {what} does not say how text is split; give pattern= one of {names}, or a regular "
            "expression"
        )
    if not pattern:
        raise FormatError(f"the split pattern is empty; give one of {names}, or an expression")
    try:
        named = splitter_named(pattern, PATTERNS)
    except UnsupportedError as error:
        raise FormatError(str(error)) from error
    return named or RegexPretokenizer(pattern, behaviour="removed", invert=True)


def check_single_bytes(vocabulary: Vocabulary, what: str) -> None:
    """Check that every byte has a piece of its own, without which some text has no ids."""
    missing = set(range(256)) - vocabulary.single_bytes()
    if missing:
        shown = ", ".join(f"0x{byte:02X}" for byte in sorted(missing)[:8])
        raise FormatError(
            f"{what}: {len(missing)} of the 256 single bytes have no piece ({shown}"
            f"{', ...' if len(missing) > 8 else ''}); is the file cut short?"
        )


def named_beside(beside: Beside) -> dict[str, int | None]:
    """Specials that the files of a model's repository name, with the ids that they say.

    Raises:
        FormatError: one of the files is no JSON object.
    """
    found: dict[str, int | None] = {}
    for name in ("special_tokens_map.json", CONFIGURATION):
        values = beside.object(name)
        more = values.get("additional_special_tokens") or []
        named = [values.get(key) for key in USES.values()]
        named += more if isinstance(more, list) else []
        found |= dict.fromkeys(filter(None, map(_content, named)))
        listed = values.get("added_tokens_decoder") or {}
        for id_, token in listed.items() if isinstance(listed, Mapping) else ():
            found[_content(token)] = _id(id_, name)
    listed = beside.object("added_tokens.json")
    return found | {name: _id(id_, "added_tokens.json") for name, id_ in listed.items()}


def _id(value: object, what: str) -> int:
    """An id, also as a key of JSON spells it."""
    text = str(value)
    if isinstance(value, bool) or not text.isdecimal() or len(text) > 10 or int(text) > MAX_ID:
        raise FormatError(f"{what}: {text[:40]!r} is no id")
    return int(text)


def _content(token: Any) -> str:
    """The text of a token, which may stand with its flags in an object."""
    return str(token.get("content", "")) if isinstance(token, Mapping) else str(token or "")


def ordinary(pieces: Mapping[int, bytes], what: str) -> Vocabulary:
    """A vocabulary of ordinary pieces.

    Raises:
        FormatError: the ids are not those of a vocabulary.
    """
    try:
        return Vocabulary.from_ids(pieces)
    except VocabularyError as error:
        raise FormatError(f"{what}: {error}") from None


def is_text(content: str) -> bool:
    """Whether there is some, without halves of surrogate pairs."""
    return bool(content) and not any("\ud800" <= each <= "\udfff" for each in content)


def with_specials(
    vocabulary: Vocabulary, special_tokens: Mapping[str, int], what: str, *, shared: bool = False
) -> tuple[Vocabulary, tuple[AddedToken, ...]]:
    """Ordinary pieces and specials in one vocabulary, and the specials as added tokens.

    Args:
        vocabulary: the ordinary pieces.
        special_tokens: the specials and their ids.
        what: what the file is, for errors.
        shared: two specials may have one id, as in o200k_harmony; it decodes to the first of them.

    Raises:
        FormatError: a special has the id of another piece, or two have one id.
    """
    specials: dict[int, bytes] = {}
    for content, id_ in special_tokens.items():
        if not is_text(content) or not 0 <= id_ <= MAX_ID:
            raise FormatError(f"special token {content!r} with id {id_}: not a token and an id")
        known = vocabulary[id_] if id_ < len(vocabulary) else None
        known = known or (None if shared else specials.get(id_))
        # A vocab.json lists its specials among the pieces, with the same bytes.
        if (id_ in specials and not shared) or known not in (None, content.encode()):
            raise FormatError(
                f"special token {content!r} is given the id {id_}, which {what} gives to {known!r}"
            )
        specials.setdefault(id_, content.encode())
    if specials:
        try:
            vocabulary = vocabulary.with_ids(specials, dict.fromkeys(specials, "special"))
        except VocabularyError as error:
            raise FormatError(f"{what}: {error}") from None
    return vocabulary, tuple(AddedToken(content, id_) for content, id_ in special_tokens.items())
