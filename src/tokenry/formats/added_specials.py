"""Specials as the slow classes of transformers number them: those of the vocabulary have its ids,
the others the next ones behind it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sized
from typing import Any, Final

from tokenry.errors import FormatError
from tokenry.formats.configuration import Beside
from tokenry.text.config import content_of
from tokenry.text.parts import AddedToken, Template
from tokenry.vocabulary import MAX_ID

# In the order in which transformers adds them.
_USES: Final = (
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
)  # fmt: skip
OF_FAIRSEQ: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>",
    "pad_token": "<pad>", "cls_token": "<s>", "mask_token": "<mask>",
}  # fmt: skip
"""What models that were trained with fairseq call them."""
ADDITIONAL: Final = "additional_special_tokens"
"""Where a configuration lists tokens without a use."""
_LATER: Final = "extra_special_tokens"  # the same in newer ones
_NUMBERED: Final = "added_tokens_decoder"
_LISTED: Final = "added_tokens.json"  # the same of older folders


class Specials:
    """What the files beside a vocabulary say of specials.

    Args:
        beside: the files.
        usual: names of uses that no file names, or objects whose flags those have that it names.
        normalizes: whether tokens may be looked for in normalised text, as the fast classes do.
    """

    def __init__(
        self, beside: Beside, usual: Mapping[str, Any], *, normalizes: bool = False
    ) -> None:
        self.values: dict[str, Any] = {**usual, **beside.values}
        for use, value in usual.items():
            if isinstance(value, Mapping) and isinstance(self.values[use], str):
                self.values[use] = {**value, "content": self.values[use]}
        self._normalizes = normalizes
        self._listed = {} if _NUMBERED in beside.values else beside.object(_LISTED)

    def name(self, use: str) -> str | None:
        """What a use is called; None where there is none."""
        return content_of(self.values.get(use))

    def template(
        self, added: Iterable[AddedToken], before: str | None, after: str | None
    ) -> Template:
        """The tokens of two uses around a text; None, or what none of those added has: nothing."""
        ids = {token.content: (token.id,) for token in added}
        found = (ids.get(self.name(use or "") or "", ()) for use in (before, after))
        return Template(*found)

    @property
    def stated(self) -> list[Any]:
        """Tokens without a use that a configuration lists, or what was put in their place."""
        found = self.values.get(ADDITIONAL) or self.values.get(_LATER)
        return found if isinstance(found, list) else []

    def added(self, ids: Mapping[str, int]) -> list[AddedToken]:
        """All of them, given the ids of the vocabulary; see `numbered_by`."""
        return self.numbered_by(ids.get, ids)

    def beside_model(
        self, ids: Mapping[str, int], kept: Collection[Any], ordinary: Collection[str]
    ) -> list[AddedToken]:
        """`added`, where ``kept`` are looked for as they are, whatever the class says of them.

        Args:
            ids: those of the pieces of a model.
            kept: names, as a model or a configuration lists them.
            ordinary: those that are no specials to the model.
        """
        return [
            AddedToken(token.content, token.id, token.content not in ordinary)
            if token.content in kept
            else token
            for token in self.added(ids)
        ]

    def numbered_by(self, find: Callable[[str], int | None], ids: Sized) -> list[AddedToken]:
        """All of them, given what finds ids in the vocabulary, and the vocabulary.

        Raises:
            FormatError: the configuration gives a token an id that is none.
        """
        uses = self._uses()
        found = {**self._listed_before(uses), **self._numbered()}
        for name, value in uses.items():
            if name not in found:
                missing = sum(find(each) is None for each in found)
                id_ = find(name)
                found[name] = self._token(name, len(ids) + missing if id_ is None else id_, value)
        return list(found.values())

    def _uses(self) -> dict[str, Any]:
        """Specials by their names, in the order in which they are added."""
        found: dict[str, Any] = {}
        for value in (*(self.values.get(use) for use in _USES), *self.stated):
            found.setdefault(content_of(value) or "", value)
        found.pop("", None)
        return found

    def _listed_before(self, uses: Mapping[str, Any]) -> dict[str, AddedToken]:
        """Those that a list numbers."""
        found: dict[str, AddedToken] = {}
        for name, id_ in self._listed.items():
            if not name or type(id_) is not int or not 0 <= id_ <= MAX_ID:
                raise FormatError(f"{_LISTED} gives {name!r} the id {id_!r}, which is none")
            special = name in uses
            found[name] = self._token(name, id_, {"normalized": not special}, special=special)
        return found

    def _numbered(self) -> dict[str, AddedToken]:
        """Those that the configuration numbers, of which some may be ordinary words."""
        stated = self.values.get(_NUMBERED)
        found: dict[str, AddedToken] = {}
        numbered: dict[str, Any] = stated if isinstance(stated, dict) else {}
        for id_, value in numbered.items():
            name = content_of(value)
            if not name or not id_.isdecimal() or int(id_) > MAX_ID:
                raise FormatError(f"{_NUMBERED} gives {name!r} the id {id_!r}, which is none")
            special = not isinstance(value, Mapping) or bool(value.get("special", True))
            found[name] = self._token(name, int(id_), value, special=special)
        return found

    def _token(self, name: str, id_: int, value: object, *, special: bool = True) -> AddedToken:
        flags = value if isinstance(value, Mapping) else {}
        keys = ("lstrip", "rstrip", "single_word", *(("normalized",) if self._normalizes else ()))
        return AddedToken(name, id_, special, **{key: bool(flags.get(key)) for key in keys})
