import pytest

from tokenry.corpus.bundled import cldr_names, separate_docstrings, standard_library
from tokenry.errors import CorpusError


def test_code_and_docstrings_share_no_text() -> None:
    source = b'"""About it."""\n\nimport os\n\n\ndef f():\n    """Say\n    it."""\n    return 1\n'
    found = separate_docstrings(source)
    assert found is not None
    code, docstrings = found
    assert code == b"\nimport os\n\n\ndef f():\n    return 1\n"
    assert docstrings == b"About it.\n\nSay\nit."


def test_nested_definitions_lose_their_docstrings() -> None:
    source = b"if a:\n  class C:\n    'in if'\n    def f(s):\n      'method'\n      return 1\n"
    found = separate_docstrings(source + b"try:\n  x = lambda: 0\nexcept E:\n  def g(): 'g'\n")
    assert found is not None
    assert found[0].count(b"'") == 0
    assert sorted(found[1].split(b"\n\n")) == [b"g", b"in if", b"method"]


def test_what_does_not_compile_is_left_out() -> None:
    assert separate_docstrings(b"def f(:\n") is None
    assert separate_docstrings(b"x = '\0'") is None


def test_the_standard_library_is_real_text_in_three_domains() -> None:
    sizes: dict[str, int] = {}
    for document in standard_library():
        sizes[document.domain] = sizes.get(document.domain, 0) + len(document.data)
        assert document.data
    assert {"code", "docstrings"} <= sizes.keys()
    assert sizes["code"] > 3_000_000


def test_an_unknown_language() -> None:
    with pytest.raises(CorpusError, match="'xx-nothing'"):
        cldr_names(("en", "xx-nothing"))
