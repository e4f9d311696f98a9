"""The families of published tokenizers: each class of transformers, learnt small, as tokenizers."""

from __future__ import annotations

import importlib
import random

import pytest
from tokenizers import Tokenizer as Theirs

from running import running
from shares import draw, part
from tokenry.formats.tokenizer_json import reading

load = running(reading.load)
# Classes by their module; what they put around their model is what the published files have.
FAMILIES = {
    "albert": "AlbertTokenizer",
    "barthez": "BarthezTokenizer",
    "bert": "BertTokenizer",
    "big_bird": "BigBirdTokenizer",
    "blenderbot": "BlenderbotTokenizer",
    "camembert": "CamembertTokenizer",
    "clip": "CLIPTokenizer",
    "code_llama": "CodeLlamaTokenizer",
    "codegen": "CodeGenTokenizer",
    "cohere": "CohereTokenizer",
    "convbert": "ConvBertTokenizer",
    "deberta": "DebertaTokenizer",
    "deberta_v2": "DebertaV2Tokenizer",
    "distilbert": "DistilBertTokenizer",
    "fnet": "FNetTokenizer",
    "funnel": "FunnelTokenizer",
    "gemma": "GemmaTokenizer",
    "gpt2": "GPT2Tokenizer",
    "gpt_neox": "GPTNeoXTokenizer",
    "herbert": "HerbertTokenizer",
    "layoutlmv2": "LayoutLMv2Tokenizer",
    "layoutlmv3": "LayoutLMv3Tokenizer",
    "layoutxlm": "LayoutXLMTokenizer",
    "llama": "LlamaTokenizer",
    "luke": "LukeTokenizer",
    "mbart": "MBartTokenizer",
    "mbart50": "MBart50Tokenizer",
    "mluke": "MLukeTokenizer",
    "mpnet": "MPNetTokenizer",
    "nllb": "NllbTokenizer",
    "nougat": "NougatTokenizer",
    "openai": "OpenAIGPTTokenizer",
    "qwen2": "Qwen2Tokenizer",
    "qwen3_5": "Qwen3_5Tokenizer",
    "reformer": "ReformerTokenizer",
    "rembert": "RemBertTokenizer",
    "roberta": "RobertaTokenizer",
    "seamless_m4t": "SeamlessM4TTokenizer",
    "siglip2": "Siglip2Tokenizer",
    "splinter": "SplinterTokenizer",
    "t5": "T5Tokenizer",
    "udop": "UdopTokenizer",
    "whisper": "WhisperTokenizer",
    "xglm": "XGLMTokenizer",
    "xlm_roberta": "XLMRobertaTokenizer",
    "xlnet": "XLNetTokenizer",
}
CORPUS = [
    "The quick brown fox jumps over the lazy dog, doesn't it? It's 1234 times 5.67!",
    "Der Fluss flie\u00dft \u00fcber die Br\u00fccke; caf\u00e9 na\u00efve \u0130stanbul \ufb01ne",
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u3053\u3093\u306b\u3061\u306f \uc548\ub155\ud558",
    "\u041f\u0440\u0438\u0432\u0435\u0442 \u043c\u0438\u0440 \u0627\u0644 \u05e9\u05dc\u05d5",
    "def f(x):\n\treturn x ** 2  # squared\n\n",
    "<s> </s> <unk> <mask> [MASK] <|endoftext|> \u2581mark ##ing </w>",
]
TEXTS = [
    "",
    " ",
    "  two  spaces ",
    "I'LL don't",
    "e\u0301 \u200b\u00ad\u3000",
    "\U0001f600 z\u0307",
]


def learnt(module: str, name: str) -> Theirs:
    found = importlib.import_module(f"transformers.models.{module}.tokenization_{module}")
    made = getattr(found, name)().train_new_from_iterator(CORPUS * 3, 700, show_progress=False)
    theirs: Theirs = Theirs.from_str(made._tokenizer.to_str())
    theirs.no_truncation()
    theirs.no_padding()
    return theirs


def mixed(rng: random.Random) -> str:
    words = [word for line in CORPUS for word in line.split(" ")]
    joints = ["", " ", "  ", "\n", "-"]
    return "".join(rng.choice(words) + rng.choice(joints) for _ in range(rng.randint(1, 8)))


@pytest.mark.parametrize("module", part([*FAMILIES]))
def test_ids_and_text_are_those_of_tokenizers(module: str) -> None:
    pytest.importorskip("transformers")
    theirs = learnt(module, FAMILIES[module])
    ours = load(theirs.to_str().encode())
    rng = draw(module)
    for text in (*TEXTS, *CORPUS, *(mixed(rng) for _ in range(30))):
        for allowed in ("all", frozenset[str]()):
            theirs.encode_special_tokens = not allowed
            ids = theirs.encode(text, add_special_tokens=False).ids
            assert ours.encode(text, allowed_special=allowed) == ids, text
            assert ours.decode(ids) == theirs.decode(ids, skip_special_tokens=False)
        theirs.encode_special_tokens = False
        around = theirs.encode(text).ids
        assert ours.encode(text, allowed_special="all", add_special_tokens=True) == around
