"""Files of folders that one class of transformers reads its own way, whatever they look like."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Final

from tokenry.errors import UnsupportedError
from tokenry.formats.configuration import (
    BARTHEZ,
    BARTPHO,
    BERT_GENERATION,
    BERT_JAPANESE,
    CAMEMBERT,
    CLVP,
    CODE_LLAMA,
    CPM,
    CPM_ANT,
    ESM,
    GEMMA,
    LLAMA,
    MBART,
    MBART_50,
    MGP_STR,
    MLUKE,
    PHONEMES,
    PLBART,
    PROPHETNET,
    REFORMER,
    ROCBERT,
    ROFORMER,
    SHIFTED,
    SIGLIP,
    SPEECHT5,
    TIPS,
    UNIGRAM,
    XLM_ROBERTA,
)  # fmt: skip
from tokenry.formats.files import GivenFile
from tokenry.formats.signatures import FileHead, is_sentencepiece
from tokenry.text.pipeline import Pipeline

READERS: Final[Mapping[str, Mapping[str, str]]] = {
    "vocab.txt": {
        BERT_JAPANESE: "bert_japanese:read",
        CPM_ANT: "cpm_ant:read",
        ESM: "letters:read_residues",
        PROPHETNET: "bert_words:read",
        ROCBERT: "bert_words:read",
        ROFORMER: "roformer:read",
    },
    "prophetnet.tokenizer": {PROPHETNET: "bert_words:read"},
    "tokenizer.json": {ROFORMER: "roformer:read_json"},
    "spiece.model": {
        BERT_JAPANESE: "bert_japanese_pieces:read",
        CPM: "cpm:read",
        BERT_GENERATION: "slow_classes:read_bert_generation",
        REFORMER: "bpe_classes:read",
        SIGLIP: "siglip:read",
        **dict.fromkeys(UNIGRAM, "unigram_classes:read"),
    },
    **dict.fromkeys(
        ("spm.model", "sentencepiece.model"), dict.fromkeys(UNIGRAM, "unigram_classes:read")
    ),
    "spm_char.model": {SPEECHT5: "slow_classes:read_speecht5"},
    "tokenizer.model": dict.fromkeys((LLAMA, CODE_LLAMA, GEMMA, TIPS), "bpe_classes:read"),
    "sentencepiece.bpe.model": {
        XLM_ROBERTA: "fairseq:read_xlm_roberta",
        CAMEMBERT: "fairseq:read_camembert",
        MBART: "fairseq:read_mbart",
        MBART_50: "fairseq:read_mbart_50",
        PLBART: "plbart:read",
        BARTHEZ: "unigram_classes:read",
        BARTPHO: "slow_classes:read_bartpho",
        MLUKE: "unigram_classes:read",
    },
    "vocab.json": {
        CLVP: "clvp:read",
        MGP_STR: "letters:read_characters",
    },
}
"""By the file's name and the class's: a module of this package, and its function."""
_SHIFTED: Final = (
    "has other ids than the model; for the ids of the model load its bytes, for those of the class "
    "a tokenizer.json"
)
_PHONEMES: Final = (
    "finds phonemes in text by another program, or puts blanks between ids; for texts of what the "
    "vocabulary lists name Wav2Vec2CTCTokenizer in its place"
)
UNREAD: Final[Mapping[str, str]] = {
    **dict.fromkeys(SHIFTED, _SHIFTED),
    **dict.fromkeys(PHONEMES, _PHONEMES),
}
"""Classes whose folders are refused, and why."""


def reader_of(file: GivenFile) -> Callable[[GivenFile], Pipeline] | None:
    """What reads a file of the class that is named beside it; None where the file says all.

    Raises:
        FormatError: the configuration beside it is no JSON object.
        UnsupportedError: the class is one of `UNREAD`.
    """
    classes = READERS.get(file.path.name.removesuffix(".gz"))
    name = (file.beside.class_name or "") if classes else ""
    if name in UNREAD:
        raise UnsupportedError(f"{file.path} is read by {name}, which {UNREAD[name]}")
    place = classes.get(name) if classes else None
    ranked = name == LLAMA and not is_sentencepiece(FileHead(file.data, str(file.path)))
    if place is None or ranked:  # Llama's later models are rank files of the same name
        return None
    module, function = place.split(":")
    found: Callable[[GivenFile], Pipeline] = getattr(
        import_module(f"{__package__}.{module}"), function
    )
    return found
