"""Uses of transformers x families of tokenizers: what is accelerated gives what stock gives."""

from __future__ import annotations

import copy
import os
import pickle
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from shares import part
from tokenry.compat.huggingface.accelerate import accelerate
from tokenry.tokenizer import load

transformers = pytest.importorskip("transformers")
DATA = Path(os.environ.get("TOKENRY_DATA", "nowhere"))

ENGLISH = (
    "It was the best of times, it was the worst of times; it was the age of wisdom, don't you "
    "think? We paid 12,345.67 for 3 apples in 1859 and WE'LL SEE."
)
LONG = f"{ENGLISH} " * 6
MIXED = "naïve café 中文。日本語、한국어 ไทย हिन्दी العربية 👩‍👩‍👧 🇩🇪 größer ½ ﬁne 2²"
CODE = "def f(x):\n    if x > 1:\n\treturn [x[i] + 1 for i in range(10)]  # !!!\n\n\n"
SPACES = "  two  spaces \n\n\t\ttabs \r\n and an end of nai\u0308ve a\u0301\u0323 words   "
SPECIAL = "before <s> and </s> [CLS] [MASK] <|endoftext|> <pad> <unk> after them all, with words"
TEXTS = [ENGLISH, "short", MIXED, CODE, "", SPACES, SPECIAL, LONG]
PAIRS = TEXTS[::-1]
WORDS = [text.split() for text in TEXTS if text.split()]
CHAT = [
    {"role": "system", "content": "You are a helpful assistant that answers in few words."},
    {"role": "user", "content": f"{MIXED} {ENGLISH}"},
    {"role": "assistant", "content": "It was 1859, and it was the best of times."},
]
TEMPLATE = (
    "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}\n{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)
CUT = {"truncation": True, "max_length": 24}
ANSWERS = ("tokens", "word_ids", "sequence_ids", "offsets", "special_tokens_mask", "type_ids")


def answers(batch: Any) -> Any:
    """What each encoding of a batch says of itself, and of what overflows."""
    return [
        ([getattr(each, name) for name in ANSWERS], [other.ids for other in each.overflowing])
        for each in batch.encodings
    ]


def places(batch: Any) -> Any:
    """Ways between characters, tokens and words, in every row."""
    found = []
    for row, encoding in enumerate(batch.encodings):
        for at in range(0, len(encoding.ids), 5):
            found += [
                encoding.token_to_chars(at),
                encoding.token_to_word(at),
                encoding.token_to_sequence(at),
            ]
            found += [batch.char_to_token(row, at), batch.char_to_word(row, at)]
            found += [encoding.word_to_tokens(at // 5), encoding.word_to_chars(at // 5)]
    return found


def changed_in_place(tokenizer: Any) -> Any:
    """Encodings that are padded and cut by their own methods."""
    encodings = tokenizer(TEXTS).encodings
    for each in encodings:
        each.pad(200, direction="left", pad_id=1)
        each.truncate(100)
    return [(each.ids, each.attention_mask, len(each.overflowing)) for each in encodings]


def saved(tokenizer: Any, folder: Path) -> Any:
    """What is loaded back from a folder."""
    tokenizer.save_pretrained(folder)
    loaded = transformers.AutoTokenizer.from_pretrained(folder)
    return dict(loaded(TEXTS)), type(loaded).__name__


def with_tokens(tokenizer: Any) -> Any:
    """Tokens added to a tokenizer that has encoded before."""
    count = tokenizer.add_tokens(["best of times", "\u4e2d\u6587"])
    tokenizer.add_special_tokens({"additional_special_tokens": ["<|user|>", "<|new|>"]})
    return count, dict(tokenizer([*TEXTS, f"<|new|>{ENGLISH}<|new|>"]))


def without_template(tokenizer: Any) -> Any:
    """A template that is replaced after calls."""
    from tokenizers.processors import TemplateProcessing

    name = tokenizer.convert_ids_to_tokens(5)
    tokenizer.backend_tokenizer.post_processor = TemplateProcessing(
        single=f"{name}:1 $A:0 {name}:1", special_tokens=[(name, 5)]
    )
    return dict(tokenizer(TEXTS, return_token_type_ids=True))


def with_normalizer(tokenizer: Any) -> Any:
    """A normalizer that is replaced after calls."""
    from tokenizers import normalizers

    tokenizer.backend_tokenizer.normalizer = normalizers.Lowercase()
    return dict(tokenizer(TEXTS))


def tensors(kind: str) -> Callable[[Any], Any]:
    """A padded batch as tensors of one kind."""

    def use(tokenizer: Any) -> Any:
        batch = tokenizer(TEXTS, padding=True, return_tensors=kind)
        return {key: (str(value.dtype), value.tolist()) for key, value in batch.items()}

    return use


def chat(**options: Any) -> Callable[[Any], Any]:
    """A chat by a template."""

    def use(tokenizer: Any) -> Any:
        tokenizer.chat_template = TEMPLATE
        found = tokenizer.apply_chat_template(CHAT, **options)
        return dict(found) if hasattr(found, "items") else found

    return use


def call(*texts: Any, **options: Any) -> Callable[[Any], Any]:
    """A call with options: all that the batch has."""
    return lambda tokenizer: dict(tokenizer(*texts, **options))


def deep(*texts: Any, **options: Any) -> Callable[[Any], Any]:
    """The same with all that its encodings answer."""
    return lambda tokenizer: answers(tokenizer(*texts, **options))


USES: dict[str, Callable[[Any], Any]] = {
    "one text": call(ENGLISH),
    "one short text": call("short"),
    "a batch": call(TEXTS),
    "no specials": call(TEXTS, add_special_tokens=False),
    "encode": lambda tokenizer: [tokenizer.encode(text) for text in TEXTS],
    "tokenize": lambda tokenizer: [tokenizer.tokenize(text) for text in TEXTS],
    "round trip": lambda tokenizer: tokenizer.batch_decode(tokenizer(TEXTS)["input_ids"]),
    "offsets": call(TEXTS, return_offsets_mapping=True),
    "offsets of one": call(LONG, return_offsets_mapping=True),
    "all outputs": call(
        TEXTS,
        return_token_type_ids=True,
        return_attention_mask=True,
        return_length=True,
        return_special_tokens_mask=True,
        return_offsets_mapping=True,
    ),
    "answers": deep(TEXTS),
    "answers without specials": deep(TEXTS, add_special_tokens=False),
    "places": lambda tokenizer: places(tokenizer(TEXTS)),
    "places of pairs": lambda tokenizer: places(tokenizer(TEXTS, PAIRS)),
    "pad to longest": call(TEXTS, padding=True),
    "pad to a length": call(TEXTS, padding="max_length", max_length=300),
    "pad to a multiple": call(TEXTS, padding=True, pad_to_multiple_of=8),
    "pad left": deep(TEXTS, padding=True, padding_side="left"),
    "truncate": call(TEXTS, **CUT),
    "truncate, answers": deep(TEXTS, **CUT),
    "truncate and pad": deep(TEXTS, padding="max_length", **CUT),
    "truncate to nothing": call(TEXTS, truncation=True, max_length=1),
    "overflow": call(TEXTS, return_overflowing_tokens=True, return_offsets_mapping=True, **CUT),
    "overflow with stride": call(
        TEXTS,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        stride=7,
        padding=True,
        return_special_tokens_mask=True,
        **CUT,
    ),
    "stride too long": call(TEXTS, return_overflowing_tokens=True, stride=30, **CUT),
    "pairs": deep(TEXTS, PAIRS),
    "pairs, all outputs": call(
        TEXTS, PAIRS, return_token_type_ids=True, return_offsets_mapping=True, padding=True
    ),
    "one pair": call(ENGLISH, CODE),
    "pairs, longest first": deep(TEXTS, PAIRS, **CUT),
    "pairs, first": deep([LONG] * 2, [ENGLISH, "a"], truncation="only_first", max_length=90),
    "pairs, second": deep([ENGLISH, "a"], [LONG] * 2, truncation="only_second", max_length=90),
    "questions": call(
        [ENGLISH, "a"],
        [LONG] * 2,
        truncation="only_second",
        max_length=90,
        stride=20,
        return_overflowing_tokens=True,
        return_offsets_mapping=True,
        padding="max_length",
    ),
    "second of one": call(LONG, truncation="only_second", max_length=20),
    "words": deep(WORDS, is_split_into_words=True),
    "words of one": call(ENGLISH.split(), is_split_into_words=True, return_offsets_mapping=True),
    "words, overflow": call(
        WORDS, is_split_into_words=True, return_overflowing_tokens=True, stride=3, **CUT
    ),
    "pairs of words": deep(WORDS, WORDS[::-1], is_split_into_words=True),
    "split specials": call(TEXTS, split_special_tokens=True),
    "numpy": tensors("np"),
    "torch": tensors("pt"),
    "chat": chat(tokenize=True),
    "chat with a prompt": chat(tokenize=True, add_generation_prompt=True, return_dict=True),
    "collate": lambda tokenizer: dict(tokenizer.pad(tokenizer(TEXTS), padding=True)),
    "not UTF-8": call([f"{ENGLISH}\ud800", ENGLISH]),
    "not a text": call([ENGLISH, None]),
    "nothing": call([]),
    "pickle": lambda tokenizer: dict(pickle.loads(pickle.dumps(tokenizer))(TEXTS)),
    "pickled batch": lambda tokenizer: answers(pickle.loads(pickle.dumps(tokenizer(TEXTS)))),
    "copy": lambda tokenizer: dict(copy.deepcopy(tokenizer)(TEXTS)),
    "changed in place": changed_in_place,
    "save and load": lambda tokenizer: tokenizer.folder and saved(tokenizer, tokenizer.folder),
    # What changes the tokenizer comes last, one after the other.
    "cut left": lambda tokenizer: (
        setattr(tokenizer, "truncation_side", "left"),
        answers(tokenizer(TEXTS, stride=5, **CUT)),
        answers(tokenizer(TEXTS, PAIRS, **CUT)),
        setattr(tokenizer, "truncation_side", "right"),
    ),
    "tokens added": with_tokens,
    "template replaced": without_template,
    "normalizer replaced": with_normalizer,
}


def from_json(path: str) -> Callable[[], Any]:
    return lambda: transformers.PreTrainedTokenizerFast(tokenizer_file=str(DATA / path))


def bert() -> Any:
    return transformers.BertTokenizerFast(str(DATA / "tokenizers/bert-base-uncased-vocab.txt"))


def converted(path: str, **options: Any) -> Callable[[], Any]:
    return lambda: load(str(DATA / path), **options).to_transformers()


FAMILIES: dict[str, tuple[str, Callable[[str], Callable[[], Any]]]] = {
    "gpt2": ("tokenizers/gpt-2_tokenizer.json", from_json),
    "llama": ("tokenizers/llama_tokenizer.json", from_json),
    "bert": ("tokenizers/bert-base-uncased-vocab.txt", lambda path: bert),
    "pegasus": ("tokenizers/pegasus_unigram96k_tokenizer.json", from_json),
    "kl3m": ("tokenizers/kl3m-004-char-8k_tokenizer.json", from_json),
    "sentencepiece": ("tokenizers/compoundpiece_baseline_de.model", converted),
    "roberta": ("census/roberta-base/tokenizer.json", from_json),
    "t5": ("census/t5-small/tokenizer.json", from_json),
    "o200k": (
        "tokenizers/o200k_base.tiktoken",
        lambda path: converted(path, pattern="o200k", special_tokens={"<|endoftext|>": 199999}),
    ),
    "qwen3": ("census/qwen3/tokenizer.json", from_json),
    "deepseek": ("census/deepseek-v3/tokenizer.json", from_json),
}
QUICK = ("gpt2", "llama", "bert", "pegasus", "kl3m", "sentencepiece", "roberta", "t5")


@cache  # uses that change a tokenizer come last in USES, so that cells may share it
def both(family: str) -> tuple[Any, Any]:
    """The stock tokenizer, and one that is accelerated."""
    path, kind = FAMILIES[family]
    if not (DATA / path).exists():
        pytest.skip(f"{path} is in the shared data, and TOKENRY_DATA does not have it")
    return tokenizer_of(kind(path)), accelerate(tokenizer_of(kind(path)))


def tokenizer_of(make: Callable[[], Any]) -> Any:
    tokenizer = make()
    if tokenizer.pad_token is None:
        tokenizer.pad_token = tokenizer.convert_ids_to_tokens(3)
    tokenizer.folder = None
    return tokenizer


def outcome(use: Callable[[Any], Any], tokenizer: Any) -> Any:
    """What a use gives, or the error that it raises."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return use(tokenizer)
        except Exception as error:
            return type(error), str(error)
        except BaseException as error:  # a panic of tokenizers, which is no Exception
            if type(error).__name__ != "PanicException":
                raise
            return "panic"


def check(family: str, use: str, folder: Path) -> None:
    stock, ours = both(family)
    stock.folder = folder
    expected = outcome(USES[use], stock)
    ours.folder = folder
    given = outcome(USES[use], ours)
    assert given == expected


@pytest.mark.shared
@pytest.mark.parametrize("use", part(list(USES)))
@pytest.mark.parametrize("family", QUICK)
def test_accelerated_is_stock(family: str, use: str, tmp_path: Path) -> None:
    check(family, use, tmp_path)


@pytest.mark.slow
@pytest.mark.shared
@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("family", FAMILIES)
def test_accelerated_is_stock_in_all_cells(family: str, use: str, tmp_path: Path) -> None:
    check(family, use, tmp_path)
