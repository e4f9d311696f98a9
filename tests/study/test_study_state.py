import json
from pathlib import Path

import pytest

from tokenry.errors import StudyError
from tokenry.files import write_text
from tokenry.study.state import lock, open_state, refuse_used_folder

IDENTITY = {"vocab_size": 600, "data": "abc", "against": {}}


def test_finished_stages_survive(tmp_path: Path) -> None:
    state = open_state(tmp_path, IDENTITY)
    state.finish("learn bpe", {"seconds": 1.5})
    again = open_state(tmp_path, IDENTITY)
    assert again.done == {"begun": {}, "learn bpe": {"seconds": 1.5}}


def test_another_study_is_refused_and_named(tmp_path: Path) -> None:
    open_state(tmp_path, IDENTITY)
    with pytest.raises(StudyError, match=r"vocab_size: 600 then, 700 now.*another out="):
        open_state(tmp_path, {**IDENTITY, "vocab_size": 700})


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": "other"}', '{"version": 1}'])
def test_a_broken_state_is_an_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "state.json").write_text(content)
    with pytest.raises(StudyError, match="is not the state of a study"):
        open_state(tmp_path, IDENTITY)


def test_folders_that_must_not_be_touched(tmp_path: Path) -> None:
    refuse_used_folder(tmp_path / "new", resume=False)
    refuse_used_folder(tmp_path, resume=False)
    (tmp_path / "precious.txt").write_text("mine")
    for resume in (False, True):
        with pytest.raises(StudyError, match="holds no study"):
            refuse_used_folder(tmp_path, resume=resume)
    with pytest.raises(StudyError, match="is a file"):
        refuse_used_folder(tmp_path / "precious.txt", resume=False)


def test_a_used_folder_needs_resume(tmp_path: Path) -> None:
    open_state(tmp_path, IDENTITY)
    with pytest.raises(StudyError, match="resume=True"):
        refuse_used_folder(tmp_path, resume=False)
    refuse_used_folder(tmp_path, resume=True)


def test_two_runs_at_once_are_refused(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(StudyError, match="another process"), lock(tmp_path):
        pass
    with lock(tmp_path):
        pass


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "study.json"
    write_text(path, json.dumps({"a": 1}))
    with pytest.raises(UnicodeEncodeError):
        write_text(path, "\ud800")
    assert json.loads(path.read_text()) == {"a": 1}
    assert [each.name for each in tmp_path.iterdir()] == ["study.json"]
