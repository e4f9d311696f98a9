"""Learning that is interrupted leaves a checkpoint, and going on gives the same tokenizer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tokenry.errors import LearnError
from tokenry.learning import Bpe, Lexicon, SuperBpe, learn


class Interrupt:
    """Presses Ctrl-C when so many pieces are there, or when counting begins for the n-th time."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if stage == "merge" and done >= self.pieces:
            raise KeyboardInterrupt


def learnt(lexicon: Lexicon) -> object:
    return list(lexicon.log()), lexicon.specials


@pytest.fixture(scope="module")
def text(prose_text: str) -> list[str]:
    return [prose_text[at : at + 2000] for at in range(0, 200_000, 2000)]


@pytest.mark.parametrize(
    "learner",
    [
        Bpe(vocab_size=1500, special_tokens=("<s>",), min_frequency=3),
        SuperBpe(vocab_size=1500, inherited=1100),
    ],
)
def test_interrupted_three_times(learner: Bpe, text: list[str], tmp_path: Path) -> None:
    whole = learner.learn_lexicon(text)
    path = tmp_path / "folder" / "checkpoint.json"
    for pieces in (600, 900, 1300):
        with pytest.raises(KeyboardInterrupt):
            learner.learn_lexicon(text, progress=Interrupt(pieces), checkpoint=path)
        assert pieces <= 257 + len(json.loads(path.read_text())["merges"]) < pieces + 300
    assert learnt(learner.learn_lexicon(text, checkpoint=path)) == learnt(whole)
    assert learnt(learner.learn_lexicon(text, checkpoint=path)) == learnt(whole)
    assert [each.name for each in path.parent.iterdir()] == ["checkpoint.json"]


def test_interrupted_while_counting(text: list[str], tmp_path: Path) -> None:
    def interrupt(stage: str, done: int, total: int | None) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        learn(text, vocab_size=300, progress=interrupt, checkpoint=tmp_path / "c")
    assert not (tmp_path / "c").exists()


# A process of its own for each attempt: an alarm may also hit a finaliser or pytest itself.
LEARN_UNTIL_THE_ALARM = """
import json, signal, sys
from tokenry.learning import SuperBpe

signal.signal(signal.SIGALRM, signal.default_int_handler)
text = json.load(open(sys.argv[1]))
signal.setitimer(signal.ITIMER_REAL, float(sys.argv[3]))
SuperBpe(vocab_size=3000, inherited=2000).learn_lexicon(text, checkpoint=sys.argv[2])
"""


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer signals here")
def test_a_signal_at_any_moment(text: list[str], tmp_path: Path) -> None:
    learner = SuperBpe(vocab_size=3000, inherited=2000)
    path = tmp_path / "checkpoint.json"
    data = tmp_path / "text.json"
    data.write_text(json.dumps(text))
    for attempt in range(1, 9):
        seconds = str(0.03 * attempt)
        command = [sys.executable, "-c", LEARN_UNTIL_THE_ALARM, str(data), str(path), seconds]
        subprocess.run(command, stderr=subprocess.DEVNULL, timeout=60, check=False)
    assert learnt(learner.learn_lexicon(text, checkpoint=path)) == learnt(
        learner.learn_lexicon(text)
    )


def test_a_checkpoint_of_other_options_or_data_is_refused(text: list[str], tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    Bpe(vocab_size=300, threads=1).learn_lexicon(text, checkpoint=path)
    Bpe(vocab_size=300, threads=2).learn_lexicon(text, checkpoint=path)
    for learner, data in (
        (Bpe(vocab_size=301), text),
        (Bpe(vocab_size=300, min_frequency=9), text),
        (SuperBpe(vocab_size=300), text),
        (Bpe(vocab_size=300), text[1:]),
    ):
        with pytest.raises(LearnError, match="other data or options"):
            learner.learn_lexicon(data, checkpoint=path)


def test_other_superword_data_are_refused(text: list[str], tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    learner = SuperBpe(vocab_size=400)
    learner.learn_lexicon(text, superword_corpus=text[:50], checkpoint=path)
    with pytest.raises(LearnError, match="other data or options"):
        learner.learn_lexicon(text, superword_corpus=text[:40], checkpoint=path)


@pytest.mark.parametrize(
    "damage",
    [
        "",
        "{",
        "[]",
        '{"format":"tokenry-checkpoint","version":2}',
        '{"format":"tokenry-checkpoint","version":1}',
    ],
)
def test_a_damaged_checkpoint_is_named(damage: str, text: list[str], tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    path.write_text(damage)
    with pytest.raises(LearnError, match=r"checkpoint\.json"):
        Bpe(vocab_size=300).learn_lexicon(text, checkpoint=path)


def test_rows_of_a_checkpoint_are_checked(text: list[str], tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    learner = Bpe(vocab_size=300)
    learner.learn_lexicon(text, checkpoint=path)
    saved = json.loads(path.read_text())
    for rows in ([[1, 2]], [[0, 999, 1]], [[0, 300, 1]], 5, [["a", "b", "c"]]):
        path.write_text(json.dumps({**saved, "merges": rows}))
        with pytest.raises(LearnError):
            learner.learn_lexicon(text, checkpoint=path)


def test_going_on_from_given_merges(text: list[str]) -> None:
    whole = list(Bpe(vocab_size=900).learn_lexicon(text).log())
    given = tuple((left, right) for left, right, _ in whole[:300])
    again = list(Bpe(vocab_size=900, merges=given).learn_lexicon(text).log())
    assert [row[:2] for row in again] == [row[:2] for row in whole]
    assert [row[2] for row in again[300:]] == [row[2] for row in whole[300:]]
    assert {row[2] for row in again[:300]} == {0}


@pytest.mark.parametrize(
    ("merges", "why"),
    [
        (((b"ab", b"c"),), "not made before"),
        (((b"a", b"b"), (b"a", b"b")), "made twice"),
        (((b"a", b""),), "not made before"),
    ],
)
def test_given_merges_are_checked(merges: tuple[tuple[bytes, bytes], ...], why: str) -> None:
    with pytest.raises(LearnError, match=why):
        Bpe(merges=merges).learn(["abc"])
