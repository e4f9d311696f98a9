"""`SentencePieceNormalizer`: text normalised as a model does it, or by rules of a name."""

from __future__ import annotations

from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import Any

from tokenry.arguments import checked
from tokenry.formats.sentencepiece import part_of
from tokenry.formats.sentencepiece_proto import ModelProto, NormalizerSpec, read_model
from tokenry.sentencepiece import rules
from tokenry.sentencepiece.names import both_names
from tokenry.sentencepiece.normalization import TextNormalizer, normalized


@both_names
class ModelNormalizer:
    """Normalises text and gives offsets; ``SentencePieceNormalizer`` to its users.

    Args:
        model_file: take the rules of a `.model` file.
        model_proto: or of the bytes of one.
        rule_tsv: or those of a file, as `tokenry.sentencepiece.rules.from_tsv` reads it.
        rule_name: or those of a name: ``identity``, ``nfkc``, ``nfkc_cf``, ``nmt_nfkc``,
            ``nmt_nfkc_cf``.
        add_dummy_prefix: put a space before the text.
        escape_whitespaces: write U+2581 for spaces.
        remove_extra_whitespaces: keep one space of several, and none at the ends.

    The last three are False where they are not said, as in sentencepiece 0.2.1, whatever the model
    says.

    Raises:
        RuntimeError: neither a model nor rules are given.
        FormatError: the file of rules has a line that is none.
        UnsupportedError: there are no rules of that name.
    """

    def __init__(
        self,
        model_file: str | PathLike[str] | None = None,
        model_proto: bytes | None = None,
        rule_tsv: str | PathLike[str] | None = None,
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
        elif rule_tsv is not None:
            blob = rules.from_tsv(rule_tsv)
        elif rule_name is not None:
            blob = rules.named(rule_name)
        else:
            raise RuntimeError(
                "no model is specified; give model_file, model_proto, rule_tsv or rule_name"
            )
        proto = ModelProto(normalizer_spec=replace(switches, precompiled_charsmap=blob))
        self._run = TextNormalizer(part_of(proto), switches)

    @checked
    def normalize(self, input: Any, with_offsets: bool | None = None) -> Any:
        """Normalised text of a text, or of each of a list, as `SentencePieceProcessor` gives it."""
        return normalized(self._run, input, bool(with_offsets))
