"""RoFormer (Su et al. 2021, arXiv:2104.09864): words of Chinese by Jieba, then WordPiece.

As transformers' RoFormerTokenizer does, given its vocabulary as a dictionary: a word of Jieba that
is a piece stays whole, any other is cut at ideographs.
"""

from __future__ import annotations

from dataclasses import replace

from tokenry.errors import FormatError
from tokenry.formats import wordpiece
from tokenry.formats.files import GivenFile
from tokenry.formats.tokenizer_json.tokens import Tokens, tokens_of_ids
from tokenry.text.normalizers.bert import BertNormalizer
from tokenry.text.normalizers.jieba import KnownJiebaWords
from tokenry.text.normalizers.sequence import NormalizerSequence
from tokenry.text.pipeline import Pipeline
from tokenry.text.pretokenizers.regular_expression import RegexPretokenizer


def read(file: GivenFile) -> Pipeline:
    """A ``vocab.txt`` that was found.

    Raises:
        FormatError: a file is malformed.
        MissingExtraError: rjieba is not installed.
    """
    return _of_tokens(file, wordpiece.read_tokens(file.data))


def read_json(file: GivenFile) -> Pipeline:
    """A ``tokenizer.json`` that was found, which cannot say how words are cut.

    Raises:
        FormatError: a file is malformed.
        MissingExtraError: rjieba is not installed.
    """
    model = file.beside.object(file.path.name).get("model")
    vocabulary = model.get("vocab") if isinstance(model, dict) else None
    if not isinstance(vocabulary, dict):
        raise FormatError(f"{file.path} has no vocabulary of WordPiece, which RoFormer's has")
    return _of_tokens(file, tokens_of_ids(vocabulary, str(file.path)))


def _of_tokens(file: GivenFile, tokens: Tokens) -> Pipeline:
    pipeline = wordpiece.configured(tokens, file.beside)
    cleaning = pipeline.normalizer
    assert isinstance(cleaning, BertNormalizer)
    pieces = frozenset(text for text in tokens.texts if text)
    steps = (replace(cleaning, handle_chinese_chars=False), KnownJiebaWords(known=pieces))
    return replace(
        pipeline,
        normalizer=NormalizerSequence(steps),
        pretokenizer=RegexPretokenizer("[^ ]+", behaviour="removed", invert=True),
        metadata={"format": "roformer"},
    )
