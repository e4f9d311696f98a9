"""Specials as the slow classes of transformers number them: those of the vocabulary have its ids,
the others the next ones behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from tokenry.errors import FormatError
from tokenry.formats.configuration import read_config
from tokenry.text.config import TokenizerConfig, content_of
from tokenry.text.parts import AddedToken, Template
from tokenry.vocabulary import MAX_ID

# In the order in which transformers adds them.
_USES: Final = (
    "bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token",
)  # fmt: skip
_MAP: Final = "special_tokens_map.json"
_NUMBERED: Final = "added_tokens_decoder"


class Specials:
    """What the files beside a vocabulary say of specials.

    Args:
        beside: the content of a file of the same folder by its name, None where there is none.
        usual: names of uses that no file names.
    """

    def __init__(self, beside: Callable[[str], bytes | None], usual: Mapping[str, Any]) -> None:
        data = beside(_MAP)
        mapped = {} if data is None else TokenizerConfig.read(data, _MAP).values
        self.values: dict[str, Any] = {**usual, **mapped, **read_config(beside).values}

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

    def added(self, ids: Mapping[str, int]) -> list[AddedToken]:
        """All of them, given the ids of the vocabulary.

        Raises:
            FormatError: the configuration gives a token an id that is none.
        """
        found = self._numbered()
        more = self.values.get("additional_special_tokens") or []
        more = more or self.values.get("extra_special_tokens") or []
        listed = more if isinstance(more, list) else []
        for value in (*(self.values.get(use) for use in _USES), *listed):
            name = content_of(value)
            if not name or name in found:
                continue
            missing = sum(each.content not in ids for each in found.values())
            found[name] = _token(name, ids.get(name, len(ids) + missing), value)
        return list(found.values())

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
            found[name] = _token(name, int(id_), value, special=special)
        return found


def _token(name: str, id_: int, value: object, *, special: bool = True) -> AddedToken:
    flags = value if isinstance(value, Mapping) else {}
    strips = {key: bool(flags.get(key)) for key in ("lstrip", "rstrip", "single_word")}
    return AddedToken(name, id_, special, **strips)
