"""`SentencePieceNormalizer`: text normalised as a model does it, or by rules of a name."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from tokenry.formats.sentencepiece import part_of
from tokenry.formats.sentencepiece_proto import ModelProto, NormalizerSpec, read_model
from tokenry.sentencepiece import rules
from tokenry.sentencepiece.names import both_names
from tokenry.sentencepiece.normalization import TextNormalizer, normalized
from tokenry.text.normalizers.charsmap import CharsmapRules


@both_names
class ModelNormalizer:
    """Normalises text and gives offsets; ``SentencePieceNormalizer`` to its users.

    Args:
        model_file: take the rules of a `.model` file.
        model_proto: or of the bytes of one.
        rule_name: or those of a name: ``identity``, ``nfkc``, ``nfkc_cf``, ``nmt_nfkc``,
            ``nmt_nfkc_cf``.
        add_dummy_prefix: put a space before the text.
        escape_whitespaces: write U+2581 for spaces.
        remove_extra_whitespaces: keep one space of several, and none at the ends.

    The last three are False where they are not said, as in sentencepiece 0.2.1, whatever the model
    says.

    Raises:
        RuntimeError: neither a model nor a name is given.
        UnsupportedError: there are no rules of that name.
    """

    def __init__(
        self,
        model_file: str | PathLike[str] | None = None,
        model_proto: bytes | None = None,
        rule_name: str | None = None,
        add_dummy_prefix: bool = False,
        escape_whitespaces: bool = False,
        remove_extra_whitespaces: bool = False,
    ) -> None:
        switches = NormalizerSpec(
            add_dummy_prefix=add_dummy_prefix,
            escape_whitespaces=escape_whitespaces,
            remove_extra_whitespaces=remove_extra_whitespaces,
        )
        if model_file is not None:
            model_proto = Path(model_file).read_bytes()
        if model_proto is not None:
            blob = read_model(model_proto).normalizer_spec.precompiled_charsmap
            proto = ModelProto(normalizer_spec=replace(switches, precompiled_charsmap=blob))
            self._run: TextNormalizer | RuleNormalizer = TextNormalizer(part_of(proto), switches)
        elif rule_name is not None:
            self._run = RuleNormalizer(rules.named(rule_name), switches)
        else:
            raise RuntimeError("no model is specified; give model_file, model_proto or rule_name")

    def normalize(self, input: Any, with_offsets: bool | None = None) -> Any:
        """Normalised text of a text, or of each of a list, as `SentencePieceProcessor` gives it."""
        return normalized(self._run, input, bool(with_offsets))


class RuleNormalizer(TextNormalizer):
    """Rules that are not compiled, run by their readable twin.

    Args:
        table: the rules.
        spec: what is done about spaces.
    """

    def __init__(self, table: CharsmapRules, spec: NormalizerSpec) -> None:
        super().__init__(None, spec)
        object.__setattr__(self, "table", table)

    table: CharsmapRules

    def with_origins(self, text: bytes) -> tuple[bytes, list[int]]:
        """Normalised text, and the place in ``text`` of each of its bytes and of its end."""
        data, origins, at = bytearray(), [], 0
        text = text.decode("utf-8", "replace").encode() if not _is_utf8(text) else text
        if self.spec.add_dummy_prefix and text:
            data, origins = bytearray(b" "), [0]
        while at < len(text):
            length, written = self.table.longest(text[at : at + 64])
            for byte in written:
                repeated = byte == 0x20 and (not data or data[-1] == 0x20)
                if not (self.spec.remove_extra_whitespaces and repeated):
                    data.append(byte)
                    origins.append(at)
            at += length
        while self.spec.remove_extra_whitespaces and data[-1:] == b" ":
            at = origins.pop()
            data.pop()
        return bytes(data), [*origins, at] if text else []


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode()
    except UnicodeDecodeError:
        return False
    return True
