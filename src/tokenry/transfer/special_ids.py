"""Ids of specials in a config: which new id each old one becomes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tokenry.errors import ModelError
from tokenry.tokenizer import Tokenizer
from tokenry.transfer.matching import Matches
from tokenry.transfer.roles import special_names, special_roles

ENDINGS = ("_token_id", "_token_ids", "_token_index")
LISTS = ("suppress_tokens", "begin_suppress_tokens")


@dataclass
class SpecialIds:
    """New ids of uses and of old ids.

    Attributes:
        roles: the new id of each use.
        new_of_old: new ids by old id, of those that are matched.
        old_roles: the old id of each use.
        notes: what could not be kept.
    """

    roles: dict[str, int]
    new_of_old: dict[int, int]
    old_roles: dict[str, int] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @classmethod
    def of(
        cls, old: Tokenizer, new: Tokenizer, matches: Matches, given: Mapping[str, str]
    ) -> SpecialIds:
        """By what tokenizers say of themselves, and what a person says.

        Args:
            old, new: the tokenizers.
            matches: of them.
            given: specials of the new tokenizer by use, such as ``{"eos": "</s>"}``.

        Raises:
            ModelError: a name that is no special, or no end of text.
        """
        roles = {**special_roles(new), **_ids_of(new, given)}
        if "eos" not in roles:
            names = ", ".join(map(repr, list(special_names(new))[:8])) or "none"
            raise ModelError(
                "the new tokenizer has no end-of-text id, so the model could never end; say which "
                f"special it is (eos=NAME; there are: {names}), or add one (tokenry surgery "
                "add-special)"
            )
        pairs = enumerate(matches.old_of_new.tolist())
        new_of_old: dict[int, int] = {}
        for new_id, old_id in pairs:
            if old_id >= 0:
                new_of_old.setdefault(old_id, new_id)
        return cls(roles, new_of_old, special_roles(old))

    def moved(self, config: Mapping[str, Any]) -> dict[str, Any]:
        """A config, or a part of one, with new ids where it has old ones.

        Raises:
            ModelError: an id that such a config cannot be without is none of the new tokenizer's.
        """
        found = dict(config)
        for key, value in config.items():
            if key.endswith(ENDINGS) and value is not None:
                found[key] = self._moved(key, value, config)
            elif key in LISTS and isinstance(value, list):
                found[key] = [self.new_of_old[id_] for id_ in value if id_ in self.new_of_old]
        return found

    def _moved(self, key: str, value: Any, config: Mapping[str, Any]) -> Any:
        use = key.removesuffix("_token_id").removesuffix("_token_ids")
        if isinstance(value, list):
            kept = [self.new_of_old[id_] for id_ in value if id_ in self.new_of_old]
            first = [self.roles[use]] if use in self.roles else []
            return list(dict.fromkeys([*first, *kept]))
        if use in self.roles:
            return self.roles[use]
        end = config.get("eos_token_id")
        if value == end or (isinstance(end, list) and value in end):
            return self.roles["eos"]
        if use == "bos":
            self._note(f"{key}: the new tokenizer has no {use}, so it is the end of text")
            return self.roles["eos"]
        if value in self.new_of_old:
            return self.new_of_old[value]
        if key.endswith("_token_index"):
            raise ModelError(
                f"{key} of the model's config is the old id {value}, and the new tokenizer has no "
                "special of that name; add one (tokenry surgery add-special)"
            )
        self._note(f"{key}: the new tokenizer has nothing in the place of the old id {value}")
        return None

    def _note(self, text: str) -> None:
        if text not in self.notes:
            self.notes.append(text)


def _ids_of(tokenizer: Tokenizer, given: Mapping[str, str]) -> dict[str, int]:
    names = special_names(tokenizer)
    for use, name in given.items():
        if name not in names:
            shown = ", ".join(map(repr, list(names)[:8])) or "none"
            raise ModelError(f"{use}={name!r} is no special of the new tokenizer; it has: {shown}")
    return {use: names[name] for use, name in given.items()}
