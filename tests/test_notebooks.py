"""The notebooks in docs/ run from the first cell to the last, and are kept without outputs."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
nbclient = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")
NOTEBOOKS = sorted((Path(__file__).parents[1] / "docs").rglob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_outputs_are_not_committed(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert len(cells) < 20, "a notebook of the docs is short"
    assert not [each for each in cells if each.get("outputs") or each.get("execution_count")]


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_a_notebook_runs(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(each for each in sys.path if each))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata.kernelspec.name = "python3"
    nbclient.NotebookClient(
        notebook, timeout=120, resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    shown = [set(output.data) for cell in notebook.cells for output in cell.get("outputs", ())
             if output.output_type == "execute_result"]  # fmt: skip
    assert len(shown) >= 6
    assert sum("text/html" in kinds for kinds in shown) >= 4, "tables and tokens"
    assert sum("image/png" in kinds for kinds in shown) == 2, "plots"
