"""``vocab.txt`` of CPM-Ant (OpenBMB 2022), as transformers reads it: words of Chinese by Jieba,
then the longest piece again and again, a character that begins none being unknown.
"""

from __future__ import annotations

from typing import Final

from tokenry.errors import FormatError
from tokenry.formats.added_specials import Specials
from tokenry.formats.files import GivenFile, text_of
from tokenry.text.decoders.spelled import SpelledDecoder
from tokenry.text.decoders.steps import FuseDecoder
from tokenry.text.normalizers.jieba import JiebaWords
from tokenry.text.normalizers.recovered import UNSEEN
from tokenry.text.parts import AddedToken
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer
from tokenry.text.segmenters.longest_characters import LongestCharactersSegmenter
from tokenry.vocabulary import Vocabulary

_USUAL: Final = {
    "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>",
    "line_token": "</n>", "space_token": "</_>", "extra_special_tokens": ["<d>", "</d>"],
}  # fmt: skip
# What these two are in text.
_WRITTEN: Final = {"space_token": " ", "line_token": "\n"}
_SILENT: Final = ("bos_token", "eos_token", "pad_token")


def read(file: GivenFile) -> Pipeline:
    """A file that was found, with the configuration that names the class.

    Raises:
        FormatError: it is not UTF-8, or lacks the unknown token, the space or the line feed.
        MissingExtraError: rjieba is not installed.
    """
    specials = Specials(file.beside, _USUAL)
    lines = text_of(file.data, str(file.path)).removesuffix("\n").split("\n")
    ids = {line: id_ for id_, line in enumerate(lines)}
    for use in (*_WRITTEN, "unk_token"):
        if specials.name(use) not in ids:
            raise FormatError(f"{file.path} has no {specials.name(use)!r}, the {use}")
    for use, text in _WRITTEN.items():
        ids[text] = ids.pop(specials.name(use) or "")
    added, unknown = specials.added(ids), ids[specials.name("unk_token") or ""]
    size = 1 + max(*ids.values(), *(token.id for token in added))
    names: list[str | None] = [None] * size
    for name, id_ in (*ids.items(), *((token.content, token.id) for token in added)):
        names[id_] = name
    silent = {specials.name(use) for use in _SILENT}
    roles = {token.id: "special" for token in added} | {unknown: "unknown"}
    vocabulary = Vocabulary([name.encode() if name else None for name in names], roles)
    return Pipeline(
        vocabulary=vocabulary,
        segmenter=LongestCharactersSegmenter(vocabulary, unknown),
        pretokenizer=RegexPretokenizer(f"[^{UNSEEN}]+", behaviour="removed", invert=True),
        normalizer=JiebaWords(),
        # The names of these two are not what they are written as, and have no id.
        added_tokens=[*added, *(AddedToken(specials.name(use) or "", unknown) for use in _WRITTEN)],
        template=specials.template(added, "bos_token", None),
        decoder=SpelledDecoder(
            tuple("" if name in silent else name for name in names), (FuseDecoder(),)
        ),
        lossless=False,
        metadata={"format": "cpm_ant"},
    )
