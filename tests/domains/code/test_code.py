"""Programs as leaves: what becomes what, what falls back, what models write."""

from __future__ import annotations

from pathlib import Path
from typing import get_args, get_type_hints

import numpy as np
import pytest
from programs import CPP, FORTRAN, PROGRAMS, PYTHON, C

from tokenry.domains import domain_named, learn
from tokenry.domains.code import words
from tokenry.domains.code.domain import Code
from tokenry.domains.code.grammars import LANGUAGES, told
from tokenry.domains.parsed import Parsed
from tokenry.errors import DomainError, MissingExtraError

pytest.importorskip("tree_sitter_c")


def names(parsed: Parsed) -> list[str]:
    return [words.MARKS[mark] for mark in parsed.marks]


@pytest.mark.parametrize("language", PROGRAMS)
@pytest.mark.parametrize("inline", ["aside", "inline"])
def test_programs_come_back(language: str, inline: str) -> None:
    domain = Code(names=inline)  # type: ignore[arg-type]
    parsed = domain.read(PROGRAMS[language])
    assert names(parsed)[0] == f"language {language}"
    assert domain.write(parsed) == PROGRAMS[language]


@pytest.mark.parametrize("language", PROGRAMS)
def test_both_parsers_give_these_programs_the_same_marks(language: str) -> None:
    lexer, tree = (
        Code(parser=parser).read(PROGRAMS[language])  # type: ignore[arg-type]
        for parser in ("lexer", "tree-sitter")
    )
    assert np.array_equal(lexer.marks, tree.marks)
    assert Code().write(tree) == PROGRAMS[language]


@pytest.mark.parametrize("data", [b"x", b";;", b"{}", b"(x)"])
def test_programs_without_a_space_come_back(data: bytes) -> None:
    assert Code().write(Code(language="c").read(data)) == data


@pytest.mark.parametrize("language", PROGRAMS)
def test_the_language_is_told(language: str) -> None:
    assert told(PROGRAMS[language])[0] == language


def test_names_are_typed_and_numbered_by_first_use() -> None:
    found = names(Code().read(b"int f(int a) { return g(a, a2[1]) + a; }"))
    assert found == [
        "language c", "word int", "kind func", "0", "word (", "word int", "kind var", "0", "word )",
        "word {", "word return", "kind func", "1", "word (", "kind var", "0", "word ,", "kind arr",
        "0", "word [", "kind num", "0", "word ]", "word )", "word +", "kind var", "0", "word ;",
        "word }",
    ]  # fmt: skip


def test_python_lines_say_how_they_are_indented() -> None:
    found = names(Code().read(PYTHON))
    assert found.count("line") == 4
    assert found.count("in") == 2
    assert found[found.index("out") + 1] == "1"


def test_fortran_in_capitals_has_the_marks_of_small_letters() -> None:
    small, capital = (Code(language="fortran").read(each) for each in (FORTRAN.lower(), FORTRAN))
    assert np.array_equal(small.marks, capital.marks)
    assert Code().write(capital) == FORTRAN


def test_what_is_aside_is_out_of_sight() -> None:
    aside, inline, dropped = (
        Code(names=names).read(C)  # type: ignore[arg-type]
        for names in ("aside", "inline", "dropped")
    )
    assert aside.run == b""
    assert b"printf" in inline.run
    assert np.array_equal(aside.marks, inline.marks)
    assert len(dropped.residue) < len(aside.residue)


def test_equal_programs_with_other_names_have_equal_marks() -> None:
    renamed = C.replace(b"add", b"plus_of").replace(b"/* adds */", b"")
    assert np.array_equal(Code().read(C).marks, Code().read(renamed).marks)


def test_what_is_dropped_is_written_in_the_usual_form() -> None:
    domain = Code(names="dropped", spacing="dropped")
    assert not domain.lossless
    written = domain.write(domain.read(b"int f(int a){return a+1;}"))
    assert written == b"int func_0 ( int var_0 ) {\nreturn var_0 + 0 ;\n}\n"
    assert np.array_equal(
        domain.read(written).marks, domain.read(b"int f(int a){return a+1;}").marks
    )


@pytest.mark.parametrize("parser", ["lexer", "tree-sitter"])
def test_what_does_not_parse_is_marked(parser: str) -> None:
    domain = Code(parser=parser)  # type: ignore[arg-type]
    data = C + b"int broken( { @@@ $ ;\n" + CPP
    parsed = domain.read(data)
    assert "broken" in names(parsed)
    assert domain.write(parsed) == data


def test_what_is_no_program_is_refused() -> None:
    with pytest.raises(
        DomainError, match=r"nothing in these .* speaks for c, cpp, fortran, python"
    ):
        Code().read(b"It was the best of times, it was the worst of times")
    with pytest.raises(DomainError, match="are no words of c"):
        Code(language="c").read(b"\xff\xfe\xfd \x01\x02" * 40)


def test_text_is_refused_even_where_it_looks_like_a_program_at_times() -> None:
    text = Path(__file__).parents[3].joinpath("LICENSE").read_bytes()
    assert told(text)
    with pytest.raises(DomainError, match="is it text"):
        Code().read(text)


def test_a_program_that_one_macro_breaks_is_read() -> None:
    data = b"#define BEGIN {\nint f(int a) BEGIN\n" + C * 5 + b"} }\n"
    assert Code().write(Code().read(data)) == data


def test_many_names_have_high_digits() -> None:
    data = b"int a" + b", ".join(b"v%d" % number for number in range(70_000)) + b";\n"
    parsed = Code(language="c").read(data)
    assert Code().write(parsed) == data
    assert {"1*256", "255*256"} <= set(names(parsed))


@pytest.mark.parametrize(
    ("marks", "message"),
    [
        ([], "begins with the mark of its language"),
        ([words.FIRST_LANGUAGE, words.FIRST_KIND], "has no number"),
        ([words.FIRST_LANGUAGE, words.FIRST_DIGIT], "number without a kind"),
        ([words.FIRST_LANGUAGE, words.IN, words.FIRST_WORD], "are no new line"),
    ],
)
def test_marks_that_are_no_program(marks: list[int], message: str) -> None:
    parsed = Parsed(
        run=b"", marks=np.array(marks, np.uint16), places=np.zeros(len(marks), np.uint64)
    )
    with pytest.raises(DomainError, match=message):
        Code().write(parsed)


def test_ids_become_a_program_where_no_grammar_is(monkeypatch: pytest.MonkeyPatch) -> None:
    tokenizer = learn(domain_named("code"), [C, CPP], vocab_size=len(words.MARKS) + 2 + 260)
    ids = tokenizer.encode(C)
    monkeypatch.setattr(
        "tokenry.domains.code.grammars.require",
        lambda *_: pytest.fail("a grammar was asked for"),
    )
    assert tokenizer.decode(ids) == C


def test_a_missing_grammar_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from tokenry.domains.code import grammars

    def missing(module: str, extra: str, purpose: str) -> None:
        raise MissingExtraError(module, extra, purpose)

    grammars.grammar.cache_clear()
    monkeypatch.setattr(grammars, "require", missing)
    assert Code().read(C).marks.size
    with pytest.raises(MissingExtraError, match="domains"):
        Code(parser="tree-sitter").read(C)
    monkeypatch.undo()
    grammars.grammar.cache_clear()


def test_words_are_listed_once_and_languages_are_those_of_the_option() -> None:
    assert len(set(words.MARKS)) == len(words.MARKS)
    assert get_args(get_type_hints(Code)["language"]) == ("auto", *LANGUAGES)
