"""What ``import tokenry`` gives, and what it costs."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import tokenry
from tokenry import errors

COUNT = """
import json, sys
before = set(sys.modules)
import tokenry
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def imported(code: str) -> list[str]:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return json.loads(done.stdout)


def test_exports_are_what_all_says():
    for name in tokenry.__all__:
        assert getattr(tokenry, name) is not None
    assert dir(tokenry) == sorted(tokenry.__all__)
    homes = {name for names in tokenry._HOMES.values() for name in names.split()}
    eager = {name for name in vars(errors) if name.endswith(("Error", "Warning"))}
    assert homes | eager | {"__version__"} == set(tokenry.__all__)


def test_no_exported_name_is_that_of_a_room():
    # else it would depend on what was imported first whether a name is the room or the function
    folder = Path(tokenry.__file__).parent
    modules = {path.stem for path in folder.iterdir() if not path.name.startswith("_")}
    assert not modules & set(tokenry.__all__)


def test_the_verbs_work_on_objects(tmp_path: Path):
    text = "low lower lowest newer newest wider " * 30
    tokenizer = tokenry.learn([text], vocab_size=262)
    folder = tmp_path / "saved"
    tokenizer.save(folder)
    card = tokenry.measure(tokenizer, folder, on=[text, "a second text"])
    assert isinstance(card, tokenry.Card)
    first, second = card.tokenizers
    assert (first.name, second.name) == ("bpe", "saved")
    assert first.scorecard == second.scorecard
    for name in ("one", "two"):
        (tmp_path / f"{name}.txt").write_text(text + name)
    options = tokenry.StudyOptions(
        data=(str(tmp_path / "*.txt"),), out=tmp_path / "out", vocab_size=262, learners=("bpe",)
    )
    assert isinstance(tokenry.run_study(options), tokenry.StudyResult)


def test_unknown_names_are_attribute_errors():
    assert not hasattr(tokenry, "no_such_name")


def test_importing_the_package_imports_next_to_nothing():
    # Measured: 20 modules more cost about 1 ms each; numpy alone is 60 ms.
    modules = imported(COUNT)
    assert not [name for name in modules if name.split(".")[0] in ("numpy", "regex", "torch")]
    assert len(modules) < 40


def test_importing_the_tokenizer_stays_within_its_budget():
    # numpy is about 100 modules; nothing of the extras may come with it.
    modules = imported(COUNT.replace("import tokenry", "import tokenry; tokenry.Tokenizer"))
    heavy = {"torch", "transformers", "tokenizers", "tiktoken", "matplotlib", "scipy", "pyarrow"}
    assert not heavy & {name.split(".")[0] for name in modules}
    assert len(modules) < 300


def test_the_module_stays_short():
    assert len(Path(tokenry.__file__).read_text().splitlines()) <= 60


def test_every_public_function_that_takes_a_path_takes_a_str():
    root = Path(tokenry.__file__).parent
    # Commands get what typer makes of a text; a path through a lattice is no file.
    files = [each for each in root.rglob("*.py") if each.parent.name != "cli"]
    found = [
        f"{file.relative_to(root)}: {name}({argument})"
        for file in files
        if "from pathlib import Path" in (text := file.read_text(encoding="utf-8"))
        for name, argument, hint in arguments(ast.parse(text))
        if "Path" in names(hint) and not {"str", "PathLike"} & names(hint)
    ]
    assert found == []


def arguments(tree: ast.AST):
    """(function, argument, annotation) of public functions and of methods of public classes."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from arguments(node)
        if isinstance(node, ast.FunctionDef) and (
            not node.name.startswith("_") or node.name == "__init__"
        ):
            given = node.args
            for each in [*given.posonlyargs, *given.args, given.vararg, *given.kwonlyargs]:
                if each is not None and each.annotation is not None:
                    yield node.name, each.arg, each.annotation


def names(hint: ast.expr) -> set[str]:
    """The last names of all types in an annotation."""
    parts = ast.walk(hint)
    return {
        each.attr if isinstance(each, ast.Attribute) else each.id
        for each in parts
        if isinstance(each, ast.Attribute | ast.Name)
    }


def test_paths_are_taken_as_str_wherever_a_person_gives_one(tmp_path: Path):
    from tokenry import tokenizer_files
    from tokenry.corpus.options import ReadOptions
    from tokenry.corpus.readers import is_binary, read_texts
    from tokenry.surgery import IdMap, pad

    text = os.fspath(tmp_path / "a.txt")
    Path(text).write_text("low lower lowest newer newest wider " * 30)
    saved, map_, card = (os.fspath(tmp_path / name) for name in ("saved", "m.npz", "card.json"))
    tokenizer = tokenry.learn(text, vocab_size=262, checkpoint=os.fspath(tmp_path / "c.json"))
    tokenizer.save(saved)
    assert tokenry.load(saved) == tokenizer
    assert tokenizer_files.load_tokenizer(saved) == tokenizer
    assert tokenizer_files.display_name(saved) == "saved"
    assert tokenizer_files.file_digest(saved)
    assert tokenizer_files.describe_file(saved).bytes < tokenizer_files.size_on_disk(saved)
    assert list(read_texts(text, ReadOptions()))
    assert not is_binary(text)
    pad(tokenizer, 300).ids.save(map_)
    assert IdMap.load(map_).new_size == 300
    tokenry.measure(saved, on=text).save(card)
    assert tokenry.Card.read(card).tokenizers
    options = tokenry.StudyOptions(data=(text,), out=saved, parallel=saved)
    assert (options.out, options.parallel) == (Path(saved), Path(saved))


def lone(tokenizer):
    """One text, or one id, where many belong: what is called, and what the error says."""
    from tokenry.surgery import add_specials, extend, rename

    options = tokenry.StudyOptions
    return [
        (lambda: tokenizer.encode_batch("text"), "texts 'text'; expected an iterable"),
        (lambda: tokenizer.count_batch("text"), "texts 'text'; expected an iterable"),
        (lambda: tokenizer.encode_batch_with_spans("text"), "texts 'text'; expected an iterable"),
        (lambda: tokenizer.decode_batch([1, 2]), "decode takes one sequence, decode_batch many"),
        (lambda: tokenizer.decode("text"), "expected ids, which are numbers, not text"),
        (lambda: tokenizer.encode("a", allowed_special="<|x|>"), "a set of specials"),
        (lambda: tokenry.learn(["a b"], vocab_size=260, special_tokens="<|x|>"), "into a list"),
        (lambda: add_specials(tokenizer, "<|x|>"), "expected a list of names, .'<.x.>'"),
        (lambda: extend(tokenizer, "word"), "expected a list of words, .'word'"),
        (lambda: rename(tokenizer, "a=b"), "expected a mapping, {old name: new name}"),
        (lambda: tokenizer.save("nowhere", eos=["<|x|>"]), "eos .*; expected a text or None"),
        (lambda: options(data="texts"), "put it into a list, .'texts'"),
        (lambda: options(against="a.json"), "put it into a list"),
        (lambda: options(learners="bpe"), "put it into a list"),
        (lambda: tokenry.measure(tokenizer, on=["a text"], made_for="en"), "put it into a list"),
        (lambda: tokenry.measure(tokenizer, on=["a text"], prices=1), "'prices' is no option"),
    ]


@pytest.mark.parametrize("case", range(16))
def test_one_where_many_belong_is_an_error_that_says_so(case: int):
    tokenizer = tokenry.learn(["low lower lowest " * 30], vocab_size=262)
    call, said = lone(tokenizer)[case]
    with pytest.raises((TypeError, tokenry.TokenryError), match=said):
        call()
