"""The words of each language, and the marks that programs are made of.

Words are listed here, not asked of a grammar, so that ids stay what they are when a grammar has a
new release, and ids become a file again where no grammar is installed. A word that is not listed is
a placeholder like a name.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from tokenry import _native
from tokenry.domains.code.grammars import KINDS, LANGUAGES

_SIGNS: Final = (
    "! != % %= & && &= ( ) * *= + ++ += , - -- -= -> . ... / /= : :: ; < << <<= <= = == > >= >> "
    ">>= ? [ [[ ] ]] ^ ^= { | |= || } ~ @ #define #elif #elifdef #elifndef #else #endif #if "
    "#ifdef #ifndef #include"
)
_C: Final = (
    "_Alignas _Alignof _Atomic _Bool _Complex _Generic _Noreturn _Static_assert __alignof__ "
    "__asm __asm__ __attribute__ __cdecl __declspec __extension__ __forceinline __inline "
    "__inline__ __restrict __restrict__ __thread __volatile__ alignas alignof asm auto bool "
    "break case char const constexpr continue default defined do double else enum extern false "
    "FALSE float for goto if inline int int8_t int16_t int32_t int64_t intptr_t long noreturn "
    "NULL nullptr offsetof ptrdiff_t register restrict return short signed size_t sizeof "
    "ssize_t static struct switch thread_local true TRUE typedef uint8_t uint16_t uint32_t "
    "uint64_t uintptr_t union unsigned void volatile wchar_t while"
)
_CPP: Final = (
    "-> ->* .* <=> and and_eq bitand bitor catch char8_t char16_t char32_t class co_await "
    "co_return co_yield compl concept consteval constinit decltype delete explicit final friend "
    "mutable namespace new noexcept not not_eq operator or or_eq override private protected "
    "public requires static_assert std template this throw try typename using virtual xor "
    "xor_eq"
)
_FORTRAN: Final = (
    "(/ /) ** // => .and. .eq. .eqv. .false. .ge. .gt. .le. .lt. .ne. .neqv. .not. .or. .true. "
    "abstract all allocatable allocate assign assignment associate asynchronous backspace bind "
    "block byte call case character class close codimension common complex concurrent contains "
    "contiguous continue critical cycle data deallocate default deferred dimension do double "
    "elemental else elseif elsewhere end endassociate enddo endfile endforall endfunction endif "
    "endinterface endmodule endprocedure endprogram endselect endsubroutine endtype endwhere "
    "entry enum enumerator equivalence error event exit extends external final flush forall "
    "form format function generic go goto if image images implicit import impure in include "
    "inout inquire integer intent interface intrinsic is kind len local logical memory module "
    "namelist non_intrinsic non_overridable none nopass nullify only open operator optional out "
    "parameter pass pointer precision print private procedure program protected public pure "
    "read real recursive result return rewind save select selectcase sequence stop submodule "
    "subroutine sync target then to type unformatted unit use value volatile wait where while "
    "write"
)
_PYTHON: Final = (
    "** **= *= // //= := @= <> _ False None True and as assert async await break case class "
    "continue def del elif else except finally for from global if import in is lambda match "
    "nonlocal not or pass print raise return self try type while with yield"
)
NEW_LINE: Final = b"\n"
WORDS: Final = {
    language: dict.fromkeys((*map(str.encode, text.split()), NEW_LINE))
    for language, text in {
        "c": f"{_SIGNS} {_C}",
        "cpp": f"{_SIGNS} {_C} {_CPP}",
        "fortran": f"{_SIGNS} {_FORTRAN}",
        "python": f"{_SIGNS} {_PYTHON}",
    }.items()
}
"""The words of each language; those of Fortran in small letters."""

SPELT: Final = (*dict.fromkeys(word for words in WORDS.values() for word in words),)
"""All words, in the order of their marks."""


def _mark_of(word: bytes) -> str:
    # A dot would say that the mark is of another domain.
    return "new line" if word == NEW_LINE else "word " + word.decode().replace(".", "·")


DIGITS: Final = 256
BROKEN, LINE, IN, OUT = range(4)
_STRUCTURE: Final = ("broken", "line", "in", "out")
FIRST_LANGUAGE: Final = len(_STRUCTURE)
FIRST_KIND: Final = FIRST_LANGUAGE + len(LANGUAGES)
FIRST_DIGIT: Final = FIRST_KIND + len(KINDS)
FIRST_HIGH: Final = FIRST_DIGIT + DIGITS
FIRST_WORD: Final = FIRST_HIGH + DIGITS
MARKS: Final = (
    *_STRUCTURE,
    *(f"language {name}" for name in LANGUAGES),
    *(f"kind {kind}" for kind in KINDS),
    *(f"{digit}" for digit in range(DIGITS)),
    *(f"{digit}*256" for digit in range(DIGITS)),
    # A dot would say that the mark is of another domain.
    *(
        f"word {word.decode().replace('.', '·')}" if word != NEW_LINE else "new line"
        for word in SPELT
    ),
)
"""Names of the marks, by number: structure, languages, kinds, digits, high digits, words."""


@lru_cache(maxsize=1)
def native() -> _native.CodeWords:
    """The words for the core, which finds them in programs and writes them again."""
    numbers = {word: number for number, word in enumerate(SPELT)}
    languages = [[numbers[word] for word in WORDS[language]] for language in LANGUAGES]
    return _native.CodeWords([*SPELT], languages, [kind.encode() for kind in KINDS])
