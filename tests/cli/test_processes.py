import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest


def heed_interrupts() -> None:
    """A shell starts background jobs with SIGINT ignored, and children inherit that."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


def texts(folder: Path) -> Path:
    folder.mkdir()
    for i in range(30):
        words = " ".join(f"word{(i * k) % 97} of document {i}" for k in range(60))
        (folder / f"{i}.txt").write_text(f"A text about {words}.\n")
    return folder


def test_study_prints_the_result_and_leaves_a_report(run, tmp_path: Path) -> None:
    out = tmp_path / "out"
    args = ["study", texts(tmp_path / "data"), "--out", out, "--vocab-size", "600"]
    first = run(*args, "--holdout", "0.2", "--json")
    assert first.returncode == 0, first.stderr
    assert json.loads(first.stdout)["format"] == "tokenry-study"
    assert b"learning bpe" in first.stderr  # plain lines, as stderr is no terminal
    assert (out / "report.html").stat().st_size > 10_000
    again = run(*args, "--holdout", "0.2")
    assert (again.returncode, again.stdout) == (2, b"")
    assert b"--resume" in again.stderr
    assert len(again.stderr.splitlines()) == 1
    resumed = run(*args, "--holdout", "0.2", "--resume")
    assert resumed.returncode == 0
    assert b"Winner" in resumed.stdout
    assert str(out / "report.html").encode() in resumed.stdout


def test_errors_are_one_line_without_a_traceback(run, tmp_path: Path) -> None:
    (tmp_path / "broken.json").write_text('{"model": ')
    for args in (
        ["inspect", tmp_path / "nothing.json"],
        ["inspect", tmp_path / "broken.json"],
        ["study", tmp_path / "nothing", "--out", tmp_path / "out"],
        ["count", tmp_path / "broken.json", tmp_path / "x"],
    ):
        result = run(*args)
        assert result.returncode == 2, result.stderr
        assert result.stdout == b""
        lines = [line for line in result.stderr.splitlines() if not line.startswith(b"[")]
        assert len(lines) == 1  # beside the lines of progress
        assert lines[0].startswith(b"tokenry: error: ")


def test_a_reader_that_goes_away_is_no_error(tokenizer_folder: Path, tmp_path: Path) -> None:
    big = tmp_path / "big.txt"
    big.write_text("the cat sat on the mat\n" * 200_000)
    command = f"'{sys.executable}' -m tokenry.cli encode '{tokenizer_folder}' '{big}' | head -c 100"
    result = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command}"], capture_output=True, timeout=120, check=False
    )
    assert len(result.stdout) == 100
    assert result.stderr == b""


def test_control_c_ends_with_130_and_the_study_resumes(tmp_path: Path) -> None:
    """Interrupt a study that waits in a fifo for data: deterministic, no sleep to tune."""
    data = texts(tmp_path / "data")
    fifo = data / "zz.txt"
    os.mkfifo(fifo)
    out = tmp_path / "out"
    command = [sys.executable, "-m", "tokenry.cli", "study", str(data / "*.txt"), str(fifo)]
    command += ["--out", str(out), "--vocab-size", "600", "--learners", "bpe"]
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        preexec_fn=heed_interrupts,
    ) as process:
        assert process.stderr is not None
        while b"reading the data" not in process.stderr.readline():
            pass
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        try:
            _, errors = process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 130
    assert b"Traceback" not in errors
    assert b"--resume" in errors


@pytest.mark.parametrize("missing", ["typer", "rich"])
def test_without_its_packages_it_names_the_extra(missing: str) -> None:
    code = f"import sys; sys.modules[{missing!r}] = None; from tokenry.cli import main; main()"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert result.returncode == 1
    assert b"pip install 'tokenry[study]'" in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("ends", ["interrupted", "in error"])
def test_a_redirected_file_never_holds_half(
    tokenizer_folder: Path, tmp_path: Path, ends: str
) -> None:
    big, out = tmp_path / "big.txt", tmp_path / "ids.u32"
    big.write_text("the cat sat on the mat\n" * 1_000_000)
    out.write_bytes(b"kept")
    # Enough that a signal comes while it works, however quick the machine is.
    inputs = [big] * 2 + [tmp_path / "missing"] if ends == "in error" else [big] * 20
    command = [sys.executable, "-m", "tokenry.cli", "encode", tokenizer_folder, *inputs]
    with out.open("ab") as file:
        process = subprocess.Popen([*map(str, command), "--raw"], stdout=file,
                                   stderr=subprocess.PIPE, preexec_fn=heed_interrupts)  # fmt: skip
        deadline = time.monotonic() + 60
        while out.stat().st_size < 1_000_000 and time.monotonic() < deadline:
            time.sleep(0.01)
        if ends == "interrupted":
            process.send_signal(signal.SIGINT)
        process.communicate(timeout=120)
    assert process.returncode == (130 if ends == "interrupted" else 2)
    assert out.read_bytes() == b"kept"
