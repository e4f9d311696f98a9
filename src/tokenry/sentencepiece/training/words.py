"""From sentences to the stretches that pieces are learnt from, with how often each occurs.

A piece never crosses a space (but for one at its front, or at its end), a user-defined piece, a
character that is none of the alphabet, and, as the options have it, a change of script or a digit.
So words are cut there, and pieces may be any substrings of what is left.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

import regex

from tokenry.errors import CorpusError
from tokenry.measuring.vocabulary import scripts_of
from tokenry.sentencepiece.training.options import TrainingOptions
from tokenry.text.normalizers.sentencepiece import SentencePieceNormalizer
from tokenry.vocabulary import METASPACE

COMMON, INHERITED, ANY = "common", "inherited", "any"
ONE_SCRIPT = {"Hiragana": "Han", "Katakana": "Han"}  # Japanese words have all three
LONG_VOWEL = "\u30fc"
Sentence = tuple[bytes, int]


@dataclass(frozen=True)
class Words:
    """What pieces are learnt from.

    Attributes:
        whole: words with their spaces, by how often they occur.
        alphabet: the characters that are pieces, the most frequent first.
        characters: how often every character occurs.
        parts: stretches of the words that pieces never cross.
    """

    whole: Counter[str]
    alphabet: list[str]
    characters: Counter[str]
    parts: Counter[str]


def count(
    sentences: Iterable[Sentence], normalizer: SentencePieceNormalizer, options: TrainingOptions
) -> Words:
    """Words of normalised sentences.

    Raises:
        CorpusError: there are none.
    """
    whole = _whole_words(sentences, normalizer, options)
    characters: Counter[str] = Counter()
    for word, often in whole.items():
        for character in word:
            characters[character] += often
    if not characters:
        raise CorpusError("there are no sentences to learn from; give input or sentence_iterator")
    alphabet = _alphabet(characters, options)
    cutter = Cutter(alphabet, options)
    parts: Counter[str] = Counter()
    for word, often in whole.items():
        for part in cutter.parts(word):
            parts[part] += often
    return Words(whole, alphabet, characters, parts)


def sentences(given: Iterable[str | bytes] | None, options: TrainingOptions) -> Iterator[Sentence]:
    """Sentences of an iterator or of files, and how often each counts."""
    found = _weighted(_lines(options.input) if given is None else given, options)
    fitting = (each for each in found if 0 < len(each[0]) <= options.max_sentence_length)
    if not options.input_sentence_size:
        return fitting
    if not options.shuffle_input_sentence:
        return islice(fitting, options.input_sentence_size)
    return iter(_drawn(fitting, options.input_sentence_size, Random(options.random_seed)))


def _lines(paths: Iterable[str]) -> Iterator[bytes]:
    for path in paths:
        with Path(path).open("rb") as file:
            yield from file


def _weighted(lines: Iterable[str | bytes], options: TrainingOptions) -> Iterator[Sentence]:
    for line in lines:
        data = line.encode("utf-8", "replace") if isinstance(line, str) else line
        data = data.rstrip(b"\r\n")
        if options.input_format == "tsv":
            text, _, often = data.partition(b"\t")
            yield text, int(often or 1)
        else:
            yield data, 1


def _drawn(found: Iterable[Sentence], size: int, rng: Random) -> list[Sentence]:
    """So many of them, each as likely as every other (Vitter 1985)."""
    kept: list[Sentence] = []
    for at, each in enumerate(found):
        if at < size:
            kept.append(each)
        elif (place := rng.randrange(at + 1)) < size:
            kept[place] = each
    return kept


def _whole_words(
    given: Iterable[Sentence], normalizer: SentencePieceNormalizer, options: TrainingOptions
) -> Counter[str]:
    suffixed = options.treat_whitespace_as_suffix
    word = re.compile("[^ ]* |[^ ]+" if suffixed else " [^ ]*|[^ ]+")
    # Text has the mark by now, so a symbol with a space is never found in it.
    symbols = [
        each.replace(METASPACE, " ") for each in options.user_defined_symbols if " " not in each
    ]
    symbols.sort(key=len, reverse=True)
    between = re.compile("|".join(map(re.escape, symbols)) or "(?!)")
    core, found = normalizer.native(), Counter[str]()
    for data, often in given:
        for stretch in between.split(core.normalize(data).decode("utf-8", "replace")):
            for each in word.findall(stretch):
                found[each] += often
    return found


def _alphabet(characters: Counter[str], options: TrainingOptions) -> list[str]:
    """The most frequent characters that cover the text, and those that are required."""
    ordered = sorted(characters.items(), key=lambda each: (-each[1], each[0]))
    wanted = options.character_coverage * sum(characters.values())
    if options.use_all_vocab:
        wanted = float("inf")
    covered, kept = 0, []
    for character, often in ordered:
        if character in "\t\0":
            continue
        if covered < wanted or character in options.required_chars:
            kept.append(character)
        covered += often
    return kept


class Cutter:
    """Cuts words where no piece may cross.

    Args:
        alphabet: the characters that may be in pieces.
        options: whether scripts and digits are told apart.
    """

    def __init__(self, alphabet: Iterable[str], options: TrainingOptions) -> None:
        self._options = options
        known = sorted(set(alphabet))
        scripts = scripts_of("".join(known))
        self._scripts = {each: self._script(each, scripts.get(each)) for each in known}

    def _script(self, character: str, letters: str | None) -> str:
        if character == " " or not self._options.split_by_unicode_script:
            return ANY
        if character.isdecimal() and not self._options.split_by_number:
            return ANY
        if character == LONG_VOWEL:
            return "Han"
        if letters is None:
            inherits = regex.match(r"\p{Script=Inherited}", character)
            return INHERITED if inherits else COMMON
        return ONE_SCRIPT.get(letters, letters)

    def parts(self, word: str) -> Iterator[str]:
        """The stretches of a word."""
        begin, before, script = 0, "", ANY
        for at, character in enumerate(word):
            if character not in self._scripts:
                if begin < at:
                    yield word[begin:at]
                begin, before, script = at + 1, "", ANY
                continue
            own = self._scripts[character]
            own = script if own == INHERITED else own
            if begin < at and self._parts_at(before, character, script, own):
                yield word[begin:at]
                begin = at
            before = character
            script = script if character == " " else own
        if begin < len(word):
            yield word[begin:]

    def _parts_at(self, before: str, character: str, script: str, own: str) -> bool:
        digits = character.isdecimal() or before.isdecimal()
        return (self._options.split_digits and digits) or (
            ANY not in (script, own) and script != own
        )
