import pytest

from tokenry.cli.variadic import spread


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("", ""),
        ("d e --seed 1", "d e --seed 1"),
        ("d --against a b --json", "d --against a --against b --json"),
        ("d --against a --against b", "d --against a --against b"),
        ("--against a b --out o", "--against a --against b --out o"),
        ("d --against=a b --json", "d --against=a --against b --json"),
        ("d --against --json", "d --against --json"),
        ("--against a -- d", "--against a -- d"),
    ],
)
def test_values_of_a_variadic_option(given: str, expected: str) -> None:
    assert spread(given.split()) == expected.split()
