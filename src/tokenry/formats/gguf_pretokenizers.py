"""What llama.cpp's names of pre-tokenizers stand for: the components of published tokenizer.json.

A GGUF says only a name (the list is that of llama.cpp's src/llama-vocab.cpp). Its own expressions
are often near ones, for its engine has no classes of letters with case; what the models were
trained with is their tokenizer.json, and that is followed here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from tokenry.errors import UnsupportedError
from tokenry.formats.json_walk import JsonObject
from tokenry.text.pretokenizers.split_patterns import PATTERNS

LEVEL: Final[JsonObject] = {
    "type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True,
}  # fmt: skip
_UNCUT: Final[JsonObject] = {**LEVEL, "use_regex": False}
_DIGITS: Final[JsonObject] = {"type": "Digits", "individual_digits": True}
_DIGIT_RUNS: Final[JsonObject] = {"type": "Digits", "individual_digits": False}

# Text is composed first; a word that is a token is that token, whatever merging would give.
NFC: Final = ("mpt", "olmo", "command-r", "qwen2", "deepseek-r1-qwen", "qwen35")
IGNORES_MERGES: Final = (
    *("llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0", "lfm2"),
    *("jina-v5-nano", "tekken", "gpt-4o", "youtu", "minicpm5", "granite-embed-multi-97m"),
)


def split(pattern: str) -> JsonObject:
    """A step that cuts at the matches of an expression."""
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False}


def _patterns(*patterns: str) -> list[JsonObject]:
    return [*map(split, patterns), _UNCUT]


def _table(name: str) -> list[JsonObject]:
    return _patterns(PATTERNS[name])


_CONTRACTIONS: Final = "(?i:'s|'t|'re|'ve|'m|'ll|'d)"
_WORDS: Final = r"[^\r\n\p{L}\p{N}]?\p{L}+"
_SIGNS: Final = r" ?[^\s\p{L}\p{N}]+[\r\n]*"
_SPACES: Final = r"\s*[\r\n]+|\s+(?!\S)|\s+"
_CJK: Final = "[\u4e00-\u9fa5\u3040-\u309f\u30a0-\u30ff]+"
_ASCII_SIGN: Final = r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~]"
_DEEPSEEK: Final = (
    rf"{_ASCII_SIGN}[A-Za-z]+|[^\r\n\p{{L}}\p{{P}}\p{{S}}]?[\p{{L}}\p{{M}}]+"
    r"| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
# DeepSeek LLM (2024): letters with case, punctuation, CJK; in llama.cpp's spelling, where two signs
# became the letters that they are composed to, so that a range begins at K.
_DEEPSEEK_LLM: Final[tuple[str, ...]] = (
    "[\r\n]",
    r"\s?[A-Za-z\u00b5\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u01ba\u01bc-\u01bf\u01c4-\u0293"
    r"\u0295-\u02af\u0370-\u0373\u0376\u0377\u037b-\u037d\u037f\u0386\u0388-\u038a\u038c"
    r"\u038e-\u03a1\u03a3-\u03f5\u03f7-\u0481\u048a-\u052f\u0531-\u0556\u10a0-\u10c5"
    r"\u13a0-\u13f5\u13f8-\u13fd\u1c90-\u1cba\u1cbd-\u1cbf\u1d00-\u1d2b\u1d6b-\u1d77"
    r"\u1d79-\u1d9a\u1e00-\u1f15\u1f18-\u1f1d\u1f20-\u1f45\u1f48-\u1f4d\u1f50-\u1f57\u1f59"
    r"\u1f5b\u1f5d\u1f5f-\u1f7d\u1f80-\u1fb4\u1fb6-\u1fbc\u1fbe\u1fc2-\u1fc4\u1fc6-\u1fcc"
    r"\u1fd0-\u1fd3\u1fd6-\u1fdb\u1fe0-\u1fec\u1ff2-\u1ff4\u1ff6-\u1ffc\u2102\u2107"
    r"\u210a-\u2113\u2115\u2119-\u211d\u2124\u03a9\u2128K-\u212d\u212f-\u2134\u2139"
    r"\u213c-\u213f\u2145-\u2149\u214e\u2183\u2184\u2c00-\u2c7b\u2c7e-\u2ce4\u2ceb-\u2cee"
    r"\u2cf2\u2cf3\ua640-\ua66d\ua680-\ua69b\ua722-\ua76f\ua771-\ua787\ua78b-\ua78e"
    r"\uab70-\uabbf\ufb00-\ufb06\ufb13-\ufb17\uff21-\uff3a\uff41-\uff5a"
    "\U00010400-\U0001044f\U000104b0-\U000104d3\U000104d8-\U000104fb\U00010c80-\U00010cb2"
    "\U00010cc0-\U00010cf2\U000118a0-\U000118df\U0001e900-\U0001e943]+",
    r"\s?[!-/:-~\uff01-\uff0f\uff1a-\uff5e\u2018-\u201f\u3000-\u3002]+",
    r"\s+$",
    r"[\u4e00-\u9fa5\u0800-\u4e00\uac00-\ud7ff]+",
)
# BLOOM (2022): in Oniguruma a class in a class joins it, so it excludes neither bracket.
_BLOOM: Final = " ?[^(\\s|[.,!?\u2026\u3002\uff0c\u3001\u0964\u06d4\u060c])]+"
_JAIS_SPACES: Final = "|".join(
    rf"\s{{{size}}}(?!\S)" for size in (512, 256, 128, 64, 32, 16, 8, 4, "1,2")
)
_ASIAN: Final = (
    "[\u4e00-\u9fff\u3400-\u4dbf\uf900-\ufaff\u3040-\u309f\u30a0-\u30ff\uff65-\uff9f\u2f00-\u2fdf"
    "\u0e00-\u0e7f\u0e80-\u0eff\u1780-\u17ff\u1000-\u109f\uaa60-\uaa7f\ua9e0-\ua9ff\uac00-\ud7af"
    "\u1100-\u11ff]+"
)
_YOUTU: Final = (
    "[\uac00-\ud7a3\u3131-\u318e]+|[\uff01\u2026\u201c\u201d\u2018\u2019\u2014\uff1a\uff1b\uff0c"
    "\u3001-\u303f\ufe30-\ufe4f]+|[\u3105-\u312f]+|" + _CJK
)
_CHAMELEON: Final = (
    *("<sentinel:[0-9]+>", "(IMGIMG)((A|B|C|D|E|F|G|H|I){1,4})Z", r"([\t\n]|    |  )"),
    *(r"\p{N}", r"[\p{P}!-/:-@\[-`{-~]"),
)

_KINDS: Final[Mapping[str, Callable[[], list[JsonObject]]]] = {
    "gpt2": lambda: [LEVEL],
    "digits first": lambda: [_DIGITS, LEVEL],
    "llama3": lambda: _table("llama3"),
    "qwen2": lambda: _table("qwen2"),
    "qwen3.5": lambda: _table("qwen3.5"),
    "o200k": lambda: _table("o200k"),
    "tekken": lambda: _table("tekken"),
    "bloom": lambda: _patterns(_BLOOM),
    "viking": lambda: [split(_BLOOM), _DIGITS, _UNCUT],
    "falcon": lambda: [
        {"type": "Punctuation", "behavior": "Contiguous"}, LEVEL, _DIGIT_RUNS,
        split("[0-9][0-9][0-9]"),
    ],
    "deepseek-llm": lambda: [*map(split, _DEEPSEEK_LLM), _DIGITS, _UNCUT],
    "deepseek-coder": lambda: [
        *map(split, ("[\r\n]", r"\s?\p{L}+", r"\s?\p{P}+", _DEEPSEEK_LLM[-1])), _DIGITS, _UNCUT,
    ],
    "deepseek-v3": lambda: _patterns(r"\p{N}{1,3}", _CJK, _DEEPSEEK),
    "spark": lambda: _patterns(
        r"\p{N}{1,3}", _CJK, _DEEPSEEK.replace(r"[\r\n]*|\s*[\r\n]+", r"|[\r\n]"), r"\p{N}"
    ),
    "youtu": lambda: _patterns(_YOUTU, PATTERNS["o200k"].replace(r"\p{N}{1,3}", r"\p{N}")),
    "jais-2": lambda: _patterns(
        rf"{_CONTRACTIONS}|{_WORDS}|\p{{N}}{{1,3}}|{_SIGNS}|\s*[\r\n]+|{_JAIS_SPACES}|\s"
    ),
    "chameleon": lambda: [*map(split, _CHAMELEON), LEVEL],
    "tiny-aya": lambda: _patterns(r"\d{1,3}(?=(?:\d{3})*\b)", PATTERNS["o200k"]),
    "superbpe": lambda: _patterns(r"\p{N}+", r"(?=(\d{3})+(?!\d))"),
    "bailing": lambda: _patterns(
        rf"'(?i:[sdmt]|ll|ve|re)|{_WORDS}|\p{{N}}|{_SIGNS}|\s*[\r\n]|\s+(?!\S)|\s+"
    ),
    "seed-coder": lambda: _patterns(
        rf"{_CONTRACTIONS}|{_WORDS}|\p{{N}}| ?[^\s\p{{L}}\p{{N}}\r\n]+|{_SPACES}"
    ),
    "ufakzeka": lambda: _patterns(rf"{_WORDS}|\p{{N}}|{_SIGNS}|{_SPACES}"),
    "afmoe": lambda: _patterns(
        r"\p{N}{1,3}(?=(?:\p{N}{3})*(?!\p{N}))", _ASIAN, _DEEPSEEK
    ),
    "laguna": lambda: _patterns(r"[^\n]+|[\n]+", PATTERNS["qwen2"]),
    "exaone-moe": lambda: _patterns(
        rf"{_CONTRACTIONS}|[^\r\n\p{{L}}\p{{N}}]?(?:\p{{L}}\p{{M}}*(?: \p{{L}}\p{{M}}*)*)+|\p{{N}}"
        r"| ?[^\s\p{L}\p{N}]+[\r\n/]?|\s*[\r\n]|\s+(?!\S)|\s+"
    ),
    "minicpm5": lambda: _patterns(
        r"\p{N}{1,3}", rf"{_CONTRACTIONS}|{_WORDS}|\p{{N}}+|{_SIGNS}|{_SPACES}"
    ),
}  # fmt: skip
_NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "gpt2": (
        *("default", "gpt-2", "phi-2", "jina-es", "jina-de", "jina-v2-es", "jina-v2-de", "mpt"),
        *("jina-v1-en", "jina-v2-code", "roberta-bpe", "olmo", "gigachat", "a.x-4.0", "mellum"),
        *("modern-bert", "jais", "trillion", "granite-docling", "exaone4"),
    ),
    "digits first": (
        *("starcoder", "refact", "command-r", "smollm", "codeshell", "exaone", "minerva-7b"),
        "mellum2",
    ),
    "llama3": (
        *("llama-bpe", "llama3", "llama-v3", "falcon3", "falcon-h1", "pixtral", "midm-2.0"),
        *("lfm2", "jina-v5-nano", "dbrx", "smaug-bpe", "glm4", "chatglm-bpe"),
    ),
    "qwen2": (
        *("qwen2", "deepseek-r1-qwen", "kormo", "f2llmv2", "megrez", "stablelm2", "hunyuan"),
        *("solar-open", "grok-2"),
    ),
    "qwen3.5": ("qwen35",),
    "o200k": (*("gpt-4o", "llama4", "kanana2", "talkie", "minimax-m2", "granite-embed-multi-97m"),),
    "tekken": ("tekken",),
    "bloom": ("bloom", "poro-chat", "gpt3-finnish"),
    "deepseek-v3": ("deepseek-v3", "hunyuan-dense", "joyai-llm", "hy_v4"),
    "spark": ("spark2_5",),
    "tiny-aya": ("tiny_aya", "cohere2moe"),
    "bailing": ("bailingmoe", "bailingmoe2", "llada-moe"),
    **{
        name: (name,)
        for name in (
            *("viking", "falcon", "deepseek-llm", "deepseek-coder", "youtu", "jais-2"),
            *("chameleon", "superbpe", "seed-coder", "ufakzeka", "afmoe", "laguna", "exaone-moe"),
            "minicpm5",
        )
    },
}
KNOWN: Final[Mapping[str, str]] = {name: kind for kind, names in _NAMES.items() for name in names}
"""Which kind a name is of."""


def cutting(name: str, what: str) -> list[JsonObject]:
    """The pretokenizers of a name.

    Raises:
        UnsupportedError: it is not known.
    """
    kind = KNOWN.get(name)
    if kind is None:
        known = ", ".join(sorted(KNOWN))
        raise UnsupportedError(
            f"{what}: the pre-tokenizer {name!r} is not known; known are {known}"
        )
    return _KINDS[kind]()
