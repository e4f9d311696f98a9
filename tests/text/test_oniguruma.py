r"""What `\b`, sets within sets and operations of sets mean to tokenizers."""

from __future__ import annotations

import pytest
from tokenizers import Regex, normalizers, pre_tokenizers

from shares import draw, part, share
from tokenry.text.normalizers.replacing import Replace
from tokenry.text.oniguruma import TextPattern
from tokenry.text.pretokenizers.delimiters import Behavior
from tokenry.text.pretokenizers.pretokenized import PretokenizedText
from tokenry.text.pretokenizers.steps import PatternSplit

PATTERNS = (
    r"\b",
    r"\B",
    r"(?i:\b[cmn]|qu)'",
    r"[^(\s|[.,!?])]+",
    r"[\w&&[^\d]]+",
    r"[a-z&&m-q]+",
    r"[^a-z&&[m-q]]+",
    r"[a[b]c|~]+",
    r"[\x00-\x08\x7f-\x9f]|a",
    r"[b-\x9f\x85a]+",
)
ALPHABET = [*"abcmnqu' 019_-[]()|&~.,\n", *"\u00e9\u4f60\u00b2\u00bc\u0301\u200d\u0bbf\u0dd0"]


def pieces(pattern: str, text: str) -> list[str]:
    cut = PatternSplit(TextPattern(pattern), Behavior.ISOLATED)
    return list(cut(PretokenizedText.of(text, first=True)).texts())


@pytest.mark.parametrize("pattern", PATTERNS)
def test_text_is_cut_as_by_tokenizers(pattern: str) -> None:
    theirs = pre_tokenizers.Split(Regex(pattern), "isolated")
    rng = draw(pattern)
    for _ in range(share(400)):
        text = "".join(rng.choices(ALPHABET, k=rng.randint(1, 30)))
        assert pieces(pattern, text) == [piece for piece, _ in theirs.pre_tokenize_str(text)]


def test_every_code_point_is_inside_a_word_or_not() -> None:
    theirs = pre_tokenizers.Split(Regex(r"\b"), "isolated")
    for point in part(range(0x80, 0x3100)):
        text = f"a{chr(point)}a"
        expected = [piece for piece, _ in theirs.pre_tokenize_str(text)]
        assert pieces(r"\b", text) == expected, hex(point)


@pytest.mark.parametrize(
    "pattern",
    [
        *(
            r"\h+",
            r"\H+",
            r"[\h]+",
            r"[^\h]+",
            r"\N+",
            r"\O",
            r"\R",
            r"(?m:.)",
            r"(?m).b",
            r"a(?m).",
        ),
        *(r"(?im:A.)", r"(?m-i:a.)", r"x(?-m:.)", "[[:alpha:]]+", "[^[:alnum:]_]", "[a[:^digit:]]"),
        *("[[:punct:]]", "[[:graph:]]+", "[[:print:]]+", "[[:cntrl:][:blank:]]", "[[:word:]]+"),
        *("[[:upper:][:space:]]", "[^[:xdigit:]]", "[[:ascii:]]+"),
    ],
)
def test_what_only_oniguruma_spells_so(pattern: str) -> None:
    theirs, ours = normalizers.Replace(Regex(pattern), "_"), Replace(TextPattern(pattern), "_")
    text = "a\r\nb xA\nfg\n\n012\u2028\u0085zaA\nB $+<=>^`|~!?_\u00e9\u4f60\u0660\u00bd\u200d\t"
    for each in (text, text * 20, ""):
        assert ours(each) == theirs.normalize_str(each)
