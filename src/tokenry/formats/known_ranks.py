"""Published rank files and merges: what they leave out, by their name and their content.

Such a file says neither how text is cut nor which specials there are; for these it is known.

Sources: tiktoken's ``tiktoken_ext/openai_public.py`` (OpenAI); Llama 3's ``tokenizer.py`` and
Llama 3.1's ``tokenizer_config.json`` (Meta); Qwen's ``tokenization_qwen.py`` (Alibaba Cloud);
Whisper's ``tokenizer.py`` (OpenAI); Kimi K2's ``tokenization_kimi.py`` and
``tokenizer_config.json`` (Moonshot AI); CosyVoice's ``tokenizer.py`` (FunAudioLLM).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Final

END = "<|endoftext|>"
END_OF_PROMPT = "<|endofprompt|>"
_FILL_IN = ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")


class _Late(Mapping[str, int]):
    """Specials that are made when they are asked for: thousands cost other files nothing."""

    def __init__(self, make: Callable[[], dict[str, int]]) -> None:
        self._make = make

    @cached_property
    def _all(self) -> dict[str, int]:
        return self._make()

    def __getitem__(self, name: str) -> int:
        return self._all[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


@dataclass(frozen=True, kw_only=True)
class KnownRanks:
    """What is known of a published file of ranks or merges.

    Attributes:
        name: what it is called; a file whose name begins so, in whatever case, is taken for it.
        pattern: the name of the splitter, or the regular expression where none cuts so.
        ids: how many ids the ranks take, a hole included; 0 where files of the name differ.
        special_tokens: the specials and their ids.
        sha256: digests of the files that hold these ranks.
        aliases: other beginnings of file names.
        files: whole names too common to say the pattern; with so many ids they say the specials.
        forms: which formats its ranks are published in.
    """

    name: str
    pattern: str
    ids: int = 0
    special_tokens: Mapping[str, int] = field(default_factory=dict)
    sha256: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    forms: tuple[str, ...] = ("tiktoken",)

    def __post_init__(self) -> None:
        object.__setattr__(self, "special_tokens", MappingProxyType(self.special_tokens))

    def names(self) -> tuple[str, ...]:
        """All beginnings of file names."""
        return (self.name, *self.aliases)


def _in_order(first: int, *names: str) -> dict[str, int]:
    return {name: first + place for place, name in enumerate(names)}


def _reserved(first: int, last: int) -> list[str]:
    return [f"<|reserved_special_token_{number}|>" for number in range(first, last)]


def _harmony() -> dict[str, int]:
    reserved = (200_000, 200_001, 200_004, *range(200_009, 200_012), *range(200_013, 201_088))
    return {
        "<|startoftext|>": 199_998,
        END: 199_999,
        "<|return|>": 200_002,
        "<|constrain|>": 200_003,
        "<|channel|>": 200_005,
        **_in_order(200_006, "<|start|>", "<|end|>", "<|message|>"),
        "<|call|>": 200_012,
        END_OF_PROMPT: 200_018,
        **{f"<|reserved_{id_}|>": id_ for id_ in reserved},
    }


_COSYVOICE = "747979631e813193436aabcff7c1c235d37de8097b71c563ec8b63b7a515c718"
_R50K = "306cd27f03c1a714eca7108e03d66b7dc042abe8c258b44c199a7ed9838dd930"
_P50K = "94b5ca7dff4d00767bc256fdd1b27e5b17361d7b8a5f968547f9f23eb70d2069"
_CL100K = "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7"
_O200K = "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d"
_LLAMA3 = "82e9d31979e92ab929cd544440f129d9ecd797b69e327f80f17e1c50d5551b55"
_QWEN = "b2b1b8dfb5cc5f024bafc373121c6aba3f66f9a5a0269e243470a1de16a33186"
_GPT2_MERGES = "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5"
_KIMI_K2 = "b6c497a7469b33ced9c38afb1ad6e47f03f5e5dc05f15930799210ec050c5103"
_KIMI_LETTERS = r"[\p{%s}\p{Lm}\p{Lo}\p{M}&&[^\p{Han}]]"
_KIMI_UPPER, _KIMI_LOWER = _KIMI_LETTERS % r"Lu}\p{Lt", _KIMI_LETTERS % "Ll"
_KIMI_ENDING = "(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
# As o200k, but Han characters stand in runs of their own.
_KIMI_PATTERN = "|".join(
    (
        r"[\p{Han}]+",
        rf"[^\r\n\p{{L}}\p{{N}}]?{_KIMI_UPPER}*{_KIMI_LOWER}+{_KIMI_ENDING}",
        rf"[^\r\n\p{{L}}\p{{N}}]?{_KIMI_UPPER}+{_KIMI_LOWER}*{_KIMI_ENDING}",
        r"\p{N}{1,3}",
        r" ?[^\s\p{L}\p{N}]+[\r\n]*",
        r"\s*[\r\n]+",
        r"\s+(?!\S)",
        r"\s+",
    )
)
_KIMI_NAMED = {
    **_in_order(163_584, "[BOS]", "[EOS]", "<|im_end|>", "<|im_user|>", "<|im_assistant|>"),
    **_in_order(163_590, "<|start_header_id|>", "<|end_header_id|>"),
    "[EOT]": 163_593,
    "<|im_system|>": 163_594,
    **_in_order(163_595, "<|tool_calls_section_begin|>", "<|tool_calls_section_end|>"),
    **_in_order(163_597, "<|tool_call_begin|>", "<|tool_call_argument_begin|>"),
    "<|tool_call_end|>": 163_599,
    "<|im_middle|>": 163_601,
    **_in_order(163_838, "[UNK]", "[PAD]"),
}
_KIMI_SPECIALS = {
    **_KIMI_NAMED,
    **{
        f"<|reserved_token_{id_}|>": id_
        for id_ in range(163_584, 163_840)
        if id_ not in _KIMI_NAMED.values()
    },
}
# Of large-v3; the models before it have all but the last.
_WHISPER_LANGUAGES: Final = (
    "en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th "
    "ur hr bg lt la mi ml cy sk te fa lv bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr "
    "pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa lb my bo tl mg as tt "
    "haw ln ha ba jw su yue"
)


def _whisper(languages: int) -> dict[str, int]:
    tasks = ("translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps")
    names = ("startoftranscript", *_WHISPER_LANGUAGES.split()[:languages], *tasks)
    times = (f"{place * 0.02:.2f}" for place in range(1501))
    return _in_order(50_257, END, *(f"<|{name}|>" for name in (*names, *times)))


_HEARD: Final = (
    "ASR AED SER Speech /Speech BGM /BGM Laughter /Laughter Applause /Applause HAPPY SAD ANGRY "
    "NEUTRAL"
)
_SPOKEN: Final = ("B", "O", "Q", "A", "CO", "CL", "H")


def _cosyvoice() -> dict[str, int]:
    """CosyVoice's: Whisper's, and names for sounds, moods and what its speech is told."""
    speech = (*_SPOKEN, *(f"SP{number:02d}" for number in range(1, 14)))
    more = (
        *(f"SPECIAL_TOKEN_{number}" for number in range(1, 31)),
        *(f"TTS/{name}" for name in speech),
    )
    places = [name[2:-2] for name in _whisper(100)]
    first_task, first_time = places.index("translate"), places.index("0.00")
    languages, tasks, times = (
        places[1:first_task],
        places[first_task:first_time],
        places[first_time:],
    )
    names = (*languages, *_HEARD.split(), *tasks, *more, *times)
    return _in_order(58_836, END, *(f"<|{name}|>" for name in names))


# Of files with equal ranks the first is meant where a name says nothing else.
_TABLE: Final = (
    KnownRanks(
        name="gpt2",
        pattern="gpt2",
        ids=50_256,
        special_tokens={END: 50_256},
        sha256=(_GPT2_MERGES,),
        aliases=("gpt-2",),
        forms=("tiktoken", "merges"),
    ),
    KnownRanks(
        name="r50k_base",
        pattern="gpt2",
        ids=50_256,
        special_tokens={END: 50_256},
        sha256=(_R50K,),
    ),
    KnownRanks(
        name="p50k_base",
        pattern="gpt2",
        ids=50_281,
        special_tokens={END: 50_256},
        sha256=(_P50K,),
    ),
    KnownRanks(
        name="p50k_edit",
        pattern="gpt2",
        ids=50_281,
        special_tokens={END: 50_256, **_in_order(50_281, *_FILL_IN)},
        sha256=(_P50K,),
    ),
    KnownRanks(
        name="cl100k_base",
        pattern="cl100k",
        ids=100_256,
        special_tokens={**_in_order(100_257, END, *_FILL_IN), END_OF_PROMPT: 100_276},
        sha256=(_CL100K,),
    ),
    KnownRanks(
        name="o200k_base",
        pattern="o200k",
        ids=199_998,
        special_tokens={END: 199_999, END_OF_PROMPT: 200_018},
        sha256=(_O200K,),
    ),
    KnownRanks(
        name="o200k_harmony",
        pattern="o200k",
        ids=199_998,
        special_tokens=_Late(_harmony),
        sha256=(_O200K,),
    ),
    KnownRanks(
        name="llama3",
        pattern="llama3",
        ids=128_000,
        special_tokens=_in_order(
            128_000,
            "<|begin_of_text|>",
            "<|end_of_text|>",
            *_reserved(0, 4),
            "<|start_header_id|>",
            "<|end_header_id|>",
            *_reserved(4, 5),
            "<|eot_id|>",
            *_reserved(5, 251),
        ),
        sha256=(_LLAMA3,),
        aliases=("llama-3",),
    ),
    KnownRanks(
        name="llama3.1",
        pattern="llama3",
        ids=128_000,
        special_tokens=_in_order(
            128_000,
            "<|begin_of_text|>",
            "<|end_of_text|>",
            *_reserved(0, 2),
            "<|finetune_right_pad_id|>",
            *_reserved(2, 3),
            "<|start_header_id|>",
            "<|end_header_id|>",
            "<|eom_id|>",
            "<|eot_id|>",
            "<|python_tag|>",
            *_reserved(3, 248),
        ),
        sha256=(_LLAMA3,),
        aliases=("llama-3.1", "llama3_1", "llama3-1", "llama3.2", "llama-3.2", "llama-3.3"),
    ),
    KnownRanks(
        name="qwen",
        pattern="qwen2",
        ids=151_643,
        special_tokens=_in_order(
            151_643,
            END,
            "<|im_start|>",
            "<|im_end|>",
            *(f"<|extra_{number}|>" for number in range(205)),
        ),
        sha256=(_QWEN,),
    ),
    KnownRanks(
        name="kimi_k2",
        pattern=_KIMI_PATTERN,
        ids=163_584,
        special_tokens=_KIMI_SPECIALS,
        sha256=(_KIMI_K2,),
        aliases=("kimi",),
    ),
    KnownRanks(
        name="whisper",
        pattern="gpt2",
        ids=50_257,
        special_tokens=_Late(lambda: _whisper(99)),
        files=("multilingual.tiktoken",),
    ),
    KnownRanks(
        name="whisper-large-v3",
        pattern="gpt2",
        ids=50_257,
        special_tokens=_Late(lambda: _whisper(100)),
        aliases=("whisper_large_v3",),
    ),
    KnownRanks(
        name="cosyvoice",
        pattern="gpt2",
        ids=58_836,
        special_tokens=_Late(_cosyvoice),
        sha256=(_COSYVOICE,),
        aliases=("multilingual_zh_ja_yue_char_del",),
    ),
    KnownRanks(name="superbpe", pattern="superbpe", forms=("merges",)),
)
KNOWN_RANKS: Final[Mapping[str, KnownRanks]] = MappingProxyType(
    {entry.name: entry for entry in _TABLE}
)
"""What is known, by name."""


def _meant_by(file_name: str) -> Iterator[KnownRanks]:
    """The entries whose name a file's name begins with, the longest name first."""
    stem = file_name.lower()
    found = [
        (-len(name), entry.name)
        for entry in _TABLE
        for name in entry.names()
        if stem.startswith(name)
    ]
    return (KNOWN_RANKS[name] for _, name in sorted(found))


def known_pattern(file_name: str) -> str | None:
    """The pattern of a well-known file of ranks or merges, from its name.

    >>> known_pattern("o200k_base.tiktoken.gz")
    'o200k'
    """
    return next((entry.pattern for entry in _meant_by(file_name)), None)


def _digest(data: bytes) -> str:
    import hashlib  # loads OpenSSL, which a file with a published name needs not

    return hashlib.sha256(data).hexdigest()


def published_pattern(data: bytes) -> str | None:
    """The pattern of a published file of ranks or merges, from what it holds."""
    digest = _digest(data)
    return next((entry.pattern for entry in _TABLE if digest in entry.sha256), None)


def identify(file_name: str, form: str, data: bytes, ids: int) -> KnownRanks | None:
    """Which published file this is, or None where it is none of them.

    The number of ids has to fit, so that a file with a famous name and other content is not given
    specials where its own pieces are; a file with an unknown name is known by its digest.

    Args:
        file_name: without its folder.
        form: its format, as `tokenry.formats.detect` calls it.
        data: the file, gzip undone.
        ids: how many ids its ranks take.
    """
    fitting = [entry for entry in _TABLE if entry.ids == ids and form in entry.forms]
    called = (entry for entry in fitting if file_name.lower() in entry.files)
    for entry in (*_meant_by(file_name), *called):
        if entry in fitting:
            return entry
    if not fitting:
        return None
    digest = _digest(data)
    return next((entry for entry in fitting if digest in entry.sha256), None)
