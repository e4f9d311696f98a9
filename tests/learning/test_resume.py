"""Learning that is interrupted leaves a checkpoint, and going on gives the same tokenizer."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tokenry.corpus import Document
from tokenry.errors import LearnError
from tokenry.learning import (
    KINDS,
    Bpe,
    MergeList,
    SuperBpe,
    Unigram,
    checkpoint,
    learn,
    lib_reading,
)
from tokenry.learning import learner as kind_named


class Interrupt:
    """Presses Ctrl-C when so many pieces are there, or when counting begins for the n-th time."""

    def __init__(self, pieces: int) -> None:
        self.pieces = pieces

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        if stage == "merge" and done >= self.pieces:
            raise KeyboardInterrupt


class Watch:
    """Notes how far the stages are that a checkpoint keeps, and stops at one of these reports."""

    def __init__(self, stop: int | None = None) -> None:
        self.stop = stop
        self.seen: list[float] = []

    def __call__(self, stage: str, done: float, total: float | None) -> None:
        if stage in ("merge", "prune", "read"):
            self.seen.append(done)
            if len(self.seen) == self.stop:
                raise KeyboardInterrupt


def learnt(merge_list: MergeList) -> object:
    return list(merge_list.log()), merge_list.specials


@pytest.fixture(scope="module")
def text(prose_text: str) -> list[str]:
    return [prose_text[at : at + 2000] for at in range(0, 200_000, 2000)]


@pytest.fixture(scope="module")
def mixed(text: list[str], multilingual_text: str) -> list[Document]:
    hyphens = "a well-known re-use of read-only key-word objects\n" * 9
    others = [multilingual_text[:4000], hyphens]
    documents = [Document(each.encode(), domain="en") for each in text[:40]]
    return documents + [Document(each.encode(), domain="other") for each in others]


@pytest.mark.filterwarnings("ignore::tokenry.errors.SmallerVocabularyWarning")
@pytest.mark.parametrize("kind", KINDS)
def test_going_on_gives_what_learning_in_one_go_does(
    kind: str, mixed: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lib_reading, "_STEP", 50_000)
    path = tmp_path / "checkpoint.json"
    options = {"window": 5} if kind == "parity" else {}
    made = kind_named(kind, vocab_size=1200, **options)
    steps = Watch()
    whole = made.learn(mixed, progress=steps)
    if not made.resumes:
        assert made.learn(mixed, checkpoint=path).fingerprint() == whole.fingerprint()
        assert not path.exists()
        return
    before = -1.0
    for stop in (1, 2):
        watch = Watch(stop)
        with pytest.raises(KeyboardInterrupt):
            made.learn(mixed, progress=watch, checkpoint=path)
        assert watch.seen[0] > before, "learning started anew"
        before = watch.seen[-1]
    watch = Watch()
    again = made.learn(mixed, progress=watch, checkpoint=path)
    assert again.fingerprint() == whole.fingerprint()
    assert watch.seen[-1] == steps.seen[-1]
    assert len(watch.seen) < len(steps.seen), "learning started anew"
    with pytest.raises(LearnError, match="other data or options"):
        made.learn(mixed[1:], checkpoint=path)


@pytest.mark.parametrize("kind", ["bpe", "superbpe", "parity", "unigram"])
def test_a_process_that_is_killed_goes_on_from_the_last_write(
    kind: str, mixed: list[Document], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoint, "SAVE_EVERY", 0.0)
    path, left_behind = tmp_path / "checkpoint.json", tmp_path / "left_behind.json"
    reports = 0

    def copy(stage: str, done: float, total: float | None) -> None:
        nonlocal reports
        reports += stage in ("merge", "prune")
        if reports == 3 and not left_behind.exists():
            left_behind.write_bytes(path.read_bytes())

    made = kind_named(kind, vocab_size=1200)
    whole = made.learn(mixed, progress=copy, checkpoint=path)
    again = made.learn(mixed, checkpoint=left_behind)
    assert again.fingerprint() == whole.fingerprint()


@pytest.mark.parametrize(
    "learner",
    [
        Bpe(vocab_size=1500, special_tokens=("<s>",), min_frequency=3),
        SuperBpe(vocab_size=1500, inherited=1100),
    ],
)
def test_interrupted_three_times(learner: Bpe, text: list[str], tmp_path: Path) -> None:
    whole = learner.learn_model(text)
    path = tmp_path / "folder" / "checkpoint.json"
    for pieces in (600, 900, 1300):
        with pytest.raises(KeyboardInterrupt):
            learner.learn_model(text, progress=Interrupt(pieces), checkpoint=path)
        assert pieces <= 257 + len(json.loads(path.read_text())["merges"]) < pieces + 300
    assert learnt(learner.learn_model(text, checkpoint=path)) == learnt(whole)
    assert learnt(learner.learn_model(text, checkpoint=path)) == learnt(whole)
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
SuperBpe(vocab_size=3000, inherited=2000).learn_model(text, checkpoint=sys.argv[2])
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
    assert learnt(learner.learn_model(text, checkpoint=path)) == learnt(learner.learn_model(text))


def test_a_checkpoint_of_other_options_or_data_is_refused(text: list[str], tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    Bpe(vocab_size=300, threads=1).learn_model(text, checkpoint=path)
    Bpe(vocab_size=300, threads=2).learn_model(text, checkpoint=path)
    for learner, data in (
        (Bpe(vocab_size=301), text),
        (Bpe(vocab_size=300, min_frequency=9), text),
        (SuperBpe(vocab_size=300), text),
        (Bpe(vocab_size=300), text[1:]),
    ):
        with pytest.raises(LearnError, match="other data or options"):
            learner.learn_model(data, checkpoint=path)


def test_other_superword_data_are_refused(text: list[str], tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    learner = SuperBpe(vocab_size=400)
    learner.learn_model(text, superword_corpus=text[:50], checkpoint=path)
    with pytest.raises(LearnError, match="other data or options"):
        learner.learn_model(text, superword_corpus=text[:40], checkpoint=path)


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
        Bpe(vocab_size=300).learn_model(text, checkpoint=path)


def test_arrays_of_a_checkpoint_are_checked(text: list[str], tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    made = Unigram(vocab_size=300)
    made.learn(text[:9], checkpoint=path)
    saved = json.loads(path.read_text())
    for damage in (
        {"scores": ""},
        {"scores": "*"},
        {"offsets": saved["scores"]},
        {"run": saved["run"][:-8]},
        {"iterations": "many"},
        {"counts": None},
    ):
        path.write_text(json.dumps({**saved, **damage}))
        with pytest.raises(LearnError, match="damaged"):
            made.learn(text[:9], checkpoint=path)


def test_rows_of_a_checkpoint_are_checked(text: list[str], tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.json"
    learner = Bpe(vocab_size=300)
    learner.learn_model(text, checkpoint=path)
    saved = json.loads(path.read_text())
    for rows in ([[1, 2]], [[0, 999, 1]], [[0, 300, 1]], 5, [["a", "b", "c"]]):
        path.write_text(json.dumps({**saved, "merges": rows}))
        with pytest.raises(LearnError):
            learner.learn_model(text, checkpoint=path)


def test_going_on_from_given_merges(text: list[str]) -> None:
    whole = list(Bpe(vocab_size=900).learn_model(text).log())
    given = tuple((left, right) for left, right, _ in whole[:300])
    again = list(Bpe(vocab_size=900, merges=given).learn_model(text).log())
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
