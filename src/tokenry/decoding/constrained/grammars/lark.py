"""Grammars in Lark's notation, the part of it that llguidance reads too.

    start: "(" start ")" | NUMBER | %json {"type": "string"}
    NUMBER: /[0-9]+/ ("." /[0-9]+/)?
    %ignore / +/

Names in capitals are lexemes, which may be joined by ``&`` and taken away by ``~``; others are
rules. What concerns ids rather than text (specials, ``lazy``, captures) is refused by name.
"""

from __future__ import annotations

import ast
import json
import re
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from tokenry.decoding.constrained.grammars.grammar import (
    EMPTY,
    Choice,
    Concatenation,
    Expression,
    Grammar,
    Lexeme,
    Reference,
    Repetition,
    optional,
)
from tokenry.decoding.constrained.grammars.lexemes import COMMON, Lexemes, both_of, except_for
from tokenry.decoding.constrained.regular import Regex
from tokenry.errors import ConstraintError

FLAGS: Final = {"i": re.IGNORECASE, "s": re.DOTALL, "x": re.VERBOSE, "u": 0}
_TOKEN: Final = re.compile(
    r"""(?P<space>(?:[ \t\r]|//[^\n]*|\#[^\n]*)+)|(?P<line>\n)
    |(?P<string>"(?:\\.|[^"\\\n])*"i?)|(?P<regex>/(?:\\.|[^/\\\n])+/[a-z]*)
    |(?P<command>%[a-zA-Z]+)|(?P<special><[^>\s]+>|@[\w-]+)
    |(?P<name>[?!]*[_A-Za-z](?:\w|-(?!>))*)|(?P<number>\d+)
    |(?P<sign>->|\.\.|[-+*?~|&()\[\]{}:,.=])""",
    re.VERBOSE,
)
SchemaRules = Callable[[Any], Grammar]
"""Makes a grammar of a JSON schema."""


def read_lark(text: str, schema_rules: SchemaRules | None = None) -> Grammar:
    """Read a grammar.

    Args:
        text: in the notation of this module; its first rule is ``start``.
        schema_rules: what reads the schemas of ``%json``; None refuses them.

    Raises:
        ConstraintError: it is malformed, or has what this reader does not know; the message says
            what, and in which line.
    """
    try:
        return _Reader(text, schema_rules).grammar()
    except RecursionError:
        raise ConstraintError(
            "this grammar has more brackets in each other than can be read; name some as rules"
        ) from None


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    line: int
    end: int


class _Reader:
    def __init__(self, text: str, schema_rules: SchemaRules | None) -> None:
        self._text, self._schema_rules = text, schema_rules
        self._at, self._line = 0, 1
        self._lexemes, self._ignored = Lexemes(), list[Expression]()
        self._rules: dict[str, Expression] = {}
        self._token = self._next()

    def grammar(self) -> Grammar:
        while self._token.kind != "end":
            if self._token.kind == "line":
                self._move()
            elif self._token.kind == "command":
                self._command()
            else:
                self._definition()
        if "start" not in self._rules:
            raise ConstraintError("a grammar begins with the rule start, which is missing")
        rules = {name: self._lexemes.resolved(rule) for name, rule in self._rules.items()}
        skipped = None
        if self._ignored:
            skipped = self._lexemes.language(Repetition(Choice(tuple(self._ignored)), 1))
        return Grammar(rules, "start", skipped, self._text)

    # Definitions

    def _command(self) -> None:
        command = self._take().text
        if command == "%ignore":
            self._ignored.append(self._choice())
        elif command == "%import":
            names = [self._take("name").text]
            while self._accept("."):
                names.append(self._take("name").text)
            name = self._take("name").text if self._accept("->") else names[-1]
            if names[0] != "common" or names[-1] not in COMMON:
                self._refuse(f"%import {'.'.join(names)}", "common.WS, common.NUMBER and the like")
            self._lexemes.define(name, Lexeme(Regex(COMMON[names[-1]]).language))
        elif command == "%llguidance":
            self._object()
        else:
            self._refuse(command, "%ignore, %import and rules")

    def _definition(self) -> None:
        name = self._take("name").text.lstrip("?!")
        if self._token.text in ("{", "["):
            self._refuse(f"options of {name}", "a rule without them")
        if self._accept("."):
            self._take("number")  # a priority, which changes no text
        self._expect(":")
        expression = self._choice()
        if self._token.kind not in ("line", "end"):
            self._fail("the end of a rule")
        if name in self._rules or name in self._lexemes:
            raise ConstraintError(f"line {self._line}: {name} is defined twice")
        if _is_lexeme(name):
            self._lexemes.define(name, expression)
        else:
            self._rules[name] = expression

    # Expressions

    def _choice(self) -> Expression:
        items = [self._joined()]
        while self._more("|"):
            items.append(self._joined())
        return items[0] if len(items) == 1 else Choice(tuple(items))

    def _joined(self) -> Expression:
        items = [self._sequence()]
        while self._accept("&"):
            items.append(self._sequence())
        return items[0] if len(items) == 1 else both_of(items)

    def _sequence(self) -> Expression:
        items = []
        while self._token.kind in ("string", "regex", "name", "special", "command") or (
            self._token.text in ("(", "[", "~")
        ):
            items.append(self._item())
        if self._accept("->"):
            self._take("name")  # names of alternatives name nothing here
        if not items:
            return EMPTY
        return items[0] if len(items) == 1 else Concatenation(tuple(items))

    def _item(self) -> Expression:
        if self._accept("~"):
            return except_for(self._item())
        item = self._atom()
        if self._token.text in ("*", "+", "?"):
            low = int(self._token.text == "+")
            high = 1 if self._token.text == "?" else None
            self._move()
            return Repetition(item, low, high)
        if self._accept("~"):
            low = int(self._take("number").text)
            high = int(self._take("number").text) if self._accept("..") else low
            return Repetition(item, low, high)
        return self._counted(item) if self._accept("{") else item

    def _counted(self, item: Expression) -> Expression:
        low = int(self._take("number").text) if self._token.kind == "number" else 0
        high: int | None = low
        if self._accept(","):
            high = int(self._take("number").text) if self._token.kind == "number" else None
        self._expect("}")
        return Repetition(item, low, high)

    def _atom(self) -> Expression:
        token = self._token
        if token.text in ("(", "["):
            self._move()
            self._lines()
            inner = self._choice()
            self._lines()
            self._expect(")" if token.text == "(" else "]")
            return inner if token.text == "(" else optional(inner)
        if token.kind == "string":
            return self._string()
        if token.kind == "regex":
            return self._regex()
        if token.kind == "special":
            self._refuse(token.text, "text; ids that write none are no part of it")
        if token.text == "%json":
            return self._schema()
        if token.kind == "command":
            self._refuse(token.text, "%json, a string, a regular expression or a name")
        return Reference(self._take("name").text)

    def _string(self) -> Expression:
        written = self._take().text
        text = _unquoted(written.removesuffix("i"))
        if written.endswith("i"):
            return Lexeme(Regex(re.escape(text), re.IGNORECASE).language)
        if self._accept(".."):
            last = _unquoted(self._take("string").text)
            if len(text) != 1 or len(last) != 1:
                self._fail("a range of two characters")
            return Lexeme(Regex(f"[{re.escape(text)}-{re.escape(last)}]").language)
        return Lexeme(Regex(re.escape(text)).language)

    def _regex(self) -> Expression:
        pattern, _, flags = self._take().text[1:].rpartition("/")
        unknown = [flag for flag in flags if flag not in FLAGS]
        if unknown:
            self._refuse(f"the flag {unknown[0]}", f"one of {', '.join(FLAGS)}")
        return Lexeme(Regex(pattern, sum(FLAGS[flag] for flag in flags)).language)

    def _schema(self) -> Expression:
        line = self._line
        schema = self._object()
        if self._schema_rules is None:
            raise ConstraintError(f"line {line}: nothing is known that reads schemas")
        if "%ignore" in self._text:
            self._refuse("%json beside %ignore", "one of them")
        rules = self._schema_rules(schema)
        prefix = f"%json{len(self._rules)} {self._at} "
        renamed = Lexemes.renamed(rules.rules, prefix)
        self._rules.update(renamed)
        return Reference(prefix + rules.start)

    def _object(self) -> Any:
        """The JSON behind the present token."""
        try:
            found, self._at = json.JSONDecoder().raw_decode(self._text, self._blank(self._at))
        except ValueError as error:
            raise ConstraintError(f"line {self._line}: this is no JSON: {error}") from None
        self._line = self._text.count("\n", 0, self._at) + 1
        self._token = self._next()
        return found

    def _blank(self, at: int) -> int:
        while at < len(self._text) and self._text[at].isspace():
            at += 1
        return at

    # Tokens

    def _next(self) -> _Token:
        while self._at < len(self._text):
            match = _TOKEN.match(self._text, self._at)
            if match is None:
                raise ConstraintError(
                    f"line {self._line}: {self._text[self._at]!r} is no part of the notation"
                )
            self._at = match.end()
            kind = match.lastgroup or ""
            if kind == "line":
                self._line += 1
            if kind != "space":
                return _Token(kind, match.group(), self._line, self._at)
        return _Token("end", "", self._line, self._at)

    def _move(self) -> None:
        self._token = self._next()

    def _lines(self) -> None:
        while self._token.kind == "line":
            self._move()

    def _more(self, sign: str) -> bool:
        """A sign here, or at the beginning of a line that follows."""
        at, line, token = self._at, self._line, self._token
        self._lines()
        if self._accept(sign):
            self._lines()
            return True
        self._at, self._line, self._token = at, line, token
        return False

    def _accept(self, sign: str) -> bool:
        if self._token.kind == "sign" and self._token.text == sign:
            self._move()
            return True
        return False

    def _expect(self, sign: str) -> None:
        if not self._accept(sign):
            self._fail(repr(sign))

    def _take(self, kind: str | None = None) -> _Token:
        token = self._token
        if kind is not None and token.kind != kind:
            self._fail(f"a {kind}")
        if token.text != "%json" and token.text != "%llguidance":
            self._move()
        return token

    def _fail(self, expected: str) -> NoReturn:
        raise ConstraintError(f"line {self._line}: {self._token.text!r} where {expected} has to be")

    def _refuse(self, what: str, instead: str) -> NoReturn:
        raise ConstraintError(
            f"line {self._line}: {what} is not read here; write {instead}, or install llguidance "
            "(pip install 'tokenry[constrained]')"
        )


def _is_lexeme(name: str) -> bool:
    return name.lstrip("_")[:1].isupper()


def _unquoted(written: str) -> str:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an escape that means itself
        found = ast.literal_eval(written)
    assert isinstance(found, str)
    return found
