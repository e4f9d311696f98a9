"""What stands beside a tokenizer in a model's repository."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any, Final

from tokenry.errors import FormatError
from tokenry.text.config import TokenizerConfig

CONFIGURATION: Final = "tokenizer_config.json"
# Classes of transformers whose text is cut into words by other programs.
XLM, FLAUBERT, BIOGPT, FSMT = WORDS_OF_MOSES = (
    "XLMTokenizer", "FlaubertTokenizer", "BioGptTokenizer", "FSMTTokenizer",
)  # fmt: skip
BERT_JAPANESE: Final = "BertJapaneseTokenizer"
# Those of BERT's kind with specials of their own.
FUNNEL, MPNET, SPLINTER = "FunnelTokenizer", "MPNetTokenizer", "SplinterTokenizer"
PROPHETNET, ROCBERT, ROFORMER = "ProphetNetTokenizer", "RoCBertTokenizer", "RoFormerTokenizer"
CPM, CPM_ANT, CLVP = "CpmTokenizer", "CpmAntTokenizer", "ClvpTokenizer"
# Those that give the pieces of a model in ``sentencepiece.bpe.model`` other ids.
XLM_ROBERTA, CAMEMBERT, MBART, MBART_50 = FAIRSEQ = (
    "XLMRobertaTokenizer", "CamembertTokenizer", "MBartTokenizer", "MBart50Tokenizer",
)  # fmt: skip
PLBART, BARTHEZ = "PLBartTokenizer", "BarthezTokenizer"
NLLB, SEAMLESS, XGLM = "NllbTokenizer", "SeamlessM4TTokenizer", "XGLMTokenizer"
SHIFTED: Final = (
    NLLB, SEAMLESS, XGLM, "LayoutXLMTokenizer",
)  # fmt: skip
PEGASUS, MLUKE = "PegasusTokenizer", "MLukeTokenizer"
UNIGRAM: Final = (
    "T5Tokenizer", "VideoPrismTokenizer", "UdopTokenizer", "AlbertTokenizer", "RemBertTokenizer",
    "BigBirdTokenizer", "XLNetTokenizer", "DebertaV2Tokenizer", PEGASUS,
)  # fmt: skip
"""Those of Unigram models that do what the model says of text themselves."""
PHONEMES: Final = (
    "VitsTokenizer", "Wav2Vec2PhonemeCTCTokenizer", "FastSpeech2ConformerTokenizer",
)  # fmt: skip
LLAMA, CODE_LLAMA, GEMMA = "LlamaTokenizer", "CodeLlamaTokenizer", "GemmaTokenizer"
BARTPHO, BERT_GENERATION = "BartphoTokenizer", "BertGenerationTokenizer"
SPEECHT5: Final = "SpeechT5Tokenizer"
REFORMER, TIPS = "ReformerTokenizer", "Tipsv2Tokenizer"
SIGLIP: Final = "SiglipTokenizer"
ESM, MGP_STR = "EsmTokenizer", "MgpstrTokenizer"
# Those of GPT-2's splitting whose texts stand between <s> and </s>.
ROBERTA_FAMILY: Final = (
    "RobertaTokenizer", "BartTokenizer", "LongformerTokenizer", "LEDTokenizer", "MvpTokenizer",
)  # fmt: skip
BIG_BLENDERBOT: Final = "BlenderbotTokenizer"
BLENDERBOT: Final = "BlenderbotSmallTokenizer"
# Those of kinds of models, where no file names the class.
_BY_MODEL: Final = {
    "xlm": XLM, "flaubert": FLAUBERT, "biogpt": BIOGPT, "fsmt": FSMT,
    "prophetnet": PROPHETNET, "roc_bert": ROCBERT, "roformer": ROFORMER, "cpm": CPM,
    "cpmant": CPM_ANT, "clvp": CLVP, "esm": ESM, "mgp-str": MGP_STR,
    "xlm-roberta": XLM_ROBERTA, "camembert": CAMEMBERT, "mbart": MBART, "plbart": PLBART,
    "xglm": XGLM,
    "roberta": ROBERTA_FAMILY[0], "bart": ROBERTA_FAMILY[1], "longformer": ROBERTA_FAMILY[2],
    "led": ROBERTA_FAMILY[3], "mvp": ROBERTA_FAMILY[4], "blenderbot": BIG_BLENDERBOT,
    "blenderbot-small": BLENDERBOT, "funnel": FUNNEL, "mpnet": MPNET, "splinter": SPLINTER,
    "siglip": SIGLIP,
    "t5": "T5Tokenizer", "mt5": "T5Tokenizer", "albert": "AlbertTokenizer", "pegasus": PEGASUS,
    "rembert": "RemBertTokenizer", "big_bird": "BigBirdTokenizer", "xlnet": "XLNetTokenizer",
    "deberta-v2": "DebertaV2Tokenizer",
    "gpt2": "GPT2Tokenizer", "codegen": "CodeGenTokenizer", "deberta": "DebertaTokenizer",
    "whisper": "WhisperTokenizer", "layoutlmv3": "LayoutLMv3Tokenizer", "luke": "LukeTokenizer",
    "markuplm": "MarkupLMTokenizer", "clip": "CLIPTokenizer", "openai-gpt": "OpenAIGPTTokenizer",
}  # fmt: skip


class Beside:
    """What stands in the folder of a tokenizer's file, each file of it read once.

    Args:
        read: the content of a file of the folder by its name, None where there is none.
    """

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        self._read = read
        self._found: dict[str, bytes | None] = {}

    def __call__(self, name: str) -> bytes | None:
        """The content of a file, None where there is none."""
        if name not in self._found:
            self._found[name] = self._read(name)
        return self._found[name]

    def need(self, name: str, what: object) -> bytes:
        """The content of a file that ``what`` needs.

        Raises:
            FormatError: there is none.
        """
        data = self(name)
        if data is None:
            raise FormatError(f"{what} needs {name} beside it; there is none")
        return data

    def object(self, name: str) -> Mapping[str, Any]:
        """The JSON object of a file; an empty one where there is none.

        Raises:
            FormatError: it is none.
        """
        data = self(name)
        return {} if data is None else TokenizerConfig.read(data, name).values

    @cached_property
    def values(self) -> Mapping[str, Any]:
        """What the configuration, the map of specials and the chat template say.

        Raises:
            FormatError: one of them is no JSON object.
        """
        values = {**self.object("special_tokens_map.json"), **self.object(CONFIGURATION)}
        template = self("chat_template.jinja")
        if template is not None:
            values["chat_template"] = template.decode("utf-8", "replace")
        return values

    @property
    def config(self) -> TokenizerConfig:
        """The same, as what a pipeline keeps."""
        return TokenizerConfig.of(self.values)

    @cached_property
    def class_name(self) -> str | None:
        """The class of transformers that reads the folder, without ``Fast``; None where none is
        named.

        It is named by ``tokenizer_config.json``, else by the model's ``config.json``, or is that of
        the kind of model.

        Raises:
            FormatError: the first of them is no JSON object.
        """
        name = self.values.get("tokenizer_class")
        if not name:
            model = self._model
            name = model.get("tokenizer_class") or _BY_MODEL.get(str(model.get("model_type")))
        return name.removesuffix("Fast") if isinstance(name, str) else None

    @property
    def _model(self) -> Mapping[str, Any]:
        """The ``config.json``; none where another program's file has that name."""
        try:
            return self.object("config.json")
        except FormatError:
            return {}
