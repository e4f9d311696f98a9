"""A tokenizer as data: its vocabulary and its parts, checked to fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from types import MappingProxyType

from tokenry.errors import VocabularyError
from tokenry.text.config import TokenizerConfig
from tokenry.text.parts import (
    AddedToken,
    Decoder,
    Normalizer,
    Pretokenizer,
    Segmenter,
    Template,
)
from tokenry.vocabulary import Vocabulary


@dataclass(frozen=True, kw_only=True, eq=False)
class Pipeline:
    """What text goes through on its way to ids and back; `dataclasses.replace` changes it.

    Formats read and write it; `tokenry.Tokenizer` runs it.

    Attributes:
        vocabulary: ids and their canonical bytes.
        segmenter: turns one pretoken into ids.
        pretokenizer: cuts text into pretokens.
        normalizer: changes text before it is cut; None for none.
        added_tokens: found in text before all else; special ones only where the caller allows.
        template: ids to put around a sequence, on request only.
        decoder: joins pieces into bytes; None for plain concatenation.
        lossless: whether ``decode_bytes(encode(x)) == x`` for every UTF-8 ``x``. Given None, it is
            derived from the parts, and so it is never None afterwards.
        name: what to call it in reports.
        metadata: strings that travel with its own file (where it came from).
        config: what its repository says beside it: chat template, BOS, EOS, padding, limits.

    Raises:
        VocabularyError: an added token or the template names an id that does not exist, or an
            added token is empty or has two ids.
    """

    vocabulary: Vocabulary
    segmenter: Segmenter
    pretokenizer: Pretokenizer
    normalizer: Normalizer | None = None
    added_tokens: Sequence[AddedToken] = ()
    template: Template | None = None
    decoder: Decoder | None = None
    lossless: bool | None = None
    name: str | None = None
    metadata: Mapping[str, str] = field(default_factory=dict)
    config: TokenizerConfig = field(default_factory=TokenizerConfig)

    def __post_init__(self) -> None:
        object.__setattr__(self, "added_tokens", tuple(self.added_tokens))
        object.__setattr__(self, "metadata", MappingProxyType(dict(self.metadata)))
        self._check_ids()
        if self.lossless is None:
            object.__setattr__(self, "lossless", self._derive_lossless())

    def __reduce__(self) -> tuple[object, ...]:
        # A view of a dict cannot be pickled.
        return (_build, (dict(self.items()),))

    def __repr__(self) -> str:
        name = f"{self.name!r}, " if self.name else ""
        return f"Pipeline({name}{len(self.vocabulary)} ids, {type(self.segmenter).__name__})"

    def items(self) -> Iterator[tuple[str, object]]:
        """The names and values that build it again."""
        for each in fields(self):
            value = getattr(self, each.name)
            yield each.name, dict(value) if each.name == "metadata" else value

    def specials(self) -> dict[str, int]:
        """The ids of the specials that a caller may allow, by content."""
        return {token.content: token.id for token in self.added_tokens if token.special}

    def special_ids(self) -> frozenset[int]:
        """Ids of specials, be they found in text or only put around it."""
        found = {token.id for token in self.added_tokens if token.special}
        return frozenset(found | {*self.vocabulary.ids_with("special")})

    def _check_ids(self) -> None:
        for id_ in (*self.template.before, *self.template.after) if self.template else ():
            self.vocabulary.check_id(id_)
        contents: dict[str, int] = {}
        for token in self.added_tokens:
            self.vocabulary.check_id(token.id)
            if not token.content:
                raise VocabularyError(f"added token {token.id} has no content")
            if contents.setdefault(token.content, token.id) != token.id:
                raise VocabularyError(
                    f"added token {token.content!r} has two ids, {contents[token.content]} and "
                    f"{token.id}; an added token needs one"
                )

    def _derive_lossless(self) -> bool:
        if len(self.vocabulary.single_bytes()) < 256:
            return False
        parts = (self.normalizer, self.pretokenizer, self.segmenter, self.decoder)
        added = (token for token in self.added_tokens if not token.special)
        return all(part is None or part.lossless for part in parts) and all(
            self._restores(token) for token in added
        )

    def _restores(self, token: AddedToken) -> bool:
        swallows = token.lstrip or token.rstrip
        return not swallows and self.vocabulary[token.id] == token.content.encode()


def _build(values: dict[str, object]) -> Pipeline:
    return Pipeline(**values)  # type: ignore[arg-type]
