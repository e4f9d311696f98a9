"""Published tokenizer files held to what their own libraries make of them: `benchmarks census`.

Each file is loaded by its oracle (tokenizers, tiktoken, sentencepiece) and by tokenry, and both
encode the same strings and texts, with specials found in text ("default") and as plain text, and
decode the ids again. Writes docs/census.md; the files themselves are not part of the project.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import warnings
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import census_speed, child
from benchmarks.census_oracles import Oracle, oracle_of
from benchmarks.corpora import first, text

SEED = 20_260
STRINGS = 400
# Of these files when the first census was taken: equal, refused, other ids.
_BEFORE = (60, 14, 9)
PAGE = Path("docs/census.md")
_ENDINGS = (".json", ".txt", ".tiktoken", ".gguf", ".spm", ".v7", ".model")
_BESIDE = ("tokenizer_config.json", "vocab.json")  # read with another file, not for themselves
_ODD = (
    "",
    " ",
    "a",
    "  two  spaces  ",
    "tab\tand\r\nlines\n\n\n",
    "<unk> </s> <s> <pad> [UNK] [CLS] <|endoftext|> <mask>",
    "caf\u00e9 cafe\u0301 \u1e9b\u0323 \ufb01 \u2460 \u00bd",
    "\u4f60\u597d\uff0c\u4e16\u754c\u3002\u3053\u3093\u306b\u3061\u306f \uc548\ub155",
    "\u0627\u0644\u0633\u0644\u0627\u0645",
    "\u05e9\u05dc\u05d5\u05dd \u0939\u093f\u0928\u094d\u0926\u0940",
    "\U0001f469\u200d\U0001f4bb \U0001f1eb\U0001f1f7 \u2764\ufe0f",
    "\u2581mark \u2581\u2581 ## ##ing \u0120word </w>",
    "1234567 3.14 1,000,000 0x1F \u0661\u0662 \u00b2\u00b3",
    "it's I'LL don't \u2019s 'S '\u017f",
    "\u0000\u0001\u007f\u00ad\u200b\ufeff",
    "a" * 300,
    "\u00a0\u2003\u3000 x \u0085 \u2028",
)


def strings(data: str | None, count: int = STRINGS) -> list[str]:
    """Short strings: odd ones, lines of real text, words thrown together."""
    draw = random.Random(SEED)
    lines = [
        line
        for kind in ("english", "code", "multilingual", "chinese")
        for line in first(text(kind, data)[0], 200_000).splitlines()
        if line.strip()
    ]
    found = list(_ODD)
    while len(found) < count:
        if len(found) % 2:
            found.append(draw.choice(lines)[: draw.randint(1, 120)])
        else:
            parts = [draw.choice(draw.choice(lines).split()) for _ in range(draw.randint(1, 6))]
            found.append(draw.choice((" ", "", "\n", "  ", "\t", "-", ". ")).join(parts))
    return found


def long_texts(data: str | None, size: int) -> list[str]:
    """One text of each kind, ``size`` bytes together."""
    kinds = ("english", "code", "multilingual", "chinese")
    return [first(text(kind, data)[0], size // len(kinds)) for kind in kinds]


def files(folder: Path) -> Iterator[tuple[str, Path]]:
    """The name and the files of each published tokenizer."""
    for each in sorted(path for path in folder.iterdir() if path.is_dir()):
        names = {path.name for path in each.iterdir()}
        for path in sorted(each.iterdir()):
            if path.name in _BESIDE or not path.name.endswith(_ENDINGS):
                continue
            if path.name == "merges.txt" and "vocab.json" in names:
                path = path.with_name("vocab.json")
            yield each.name, path


def hold(path: str, data: str | None, size: int) -> dict[str, Any]:
    """What tokenry makes of a file beside its oracle: a row of the table."""
    row: dict[str, Any] = {"file": Path(path).name, "kind": "", "oracle": "", "result": ""}
    try:
        oracle = oracle_of(Path(path))
    except Exception as error:  # an oracle may refuse in any way
        return {**row, "result": f"the oracle refuses: {error}"[:160]}
    row |= {"kind": oracle.kind, "oracle": oracle.library}
    try:
        with warnings.catch_warnings(record=True) as noted:
            warnings.simplefilter("always")
            ours = _load(oracle)
    except Exception as error:
        return {**row, "result": f"refused: {error}"[:300]}
    row["warnings"] = [str(each.message)[:200] for each in noted]
    texts = strings(data)
    return {
        **row,
        "ids": len(ours.vocabulary),
        **_compare(oracle, ours, texts, long_texts(data, size)),
    }


def _load(oracle: Oracle) -> Any:
    import tokenry

    return tokenry.load(oracle.path, pattern=oracle.pattern, special_tokens=oracle.specials)


def _compare(
    oracle: Oracle, ours: Any, short: Sequence[str], long: Sequence[str]
) -> dict[str, Any]:
    wrong: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for one in (*short, *long):
        for mode, theirs, allowed in (
            ("default", oracle.default, "all"),
            ("plain", oracle.plain, frozenset()),
        ):
            if theirs is None:
                continue
            want = theirs(one)
            try:
                got = ours.encode(one, allowed_special=allowed)
            except Exception as error:
                got = [str(error)[:80]]
            if list(got) != list(want):
                wrong[mode] += 1
                examples.setdefault(mode, f"{one[:60]!r}: {list(got)[:12]} for {list(want)[:12]}")
            if mode == "plain" and ours.decode(want) != oracle.decode(want):
                wrong["text"] += 1
                examples.setdefault(
                    "text",
                    f"{ours.decode(want)[:80]!r} for {oracle.decode(want)[:80]!r}",
                )
    said = ", ".join(
        f"{number} of {len(short) + len(long)} {what}" for what, number in wrong.items()
    )
    return {"result": said or "equal", "wrong": dict(wrong), "examples": examples}


_REFUSALS = (
    "- Two added tokens that are one text once normalised, or one id with two names: which of both",
    "  tokenizers takes differs from run to run. An added token that is empty once normalised.",
    "- `byte_fallback` beside word-end suffixes: tokenizers takes the bytes of the suffix too.",
    "- Templates of a tokenizer.json that put the text twice or not at all.",
    "- `escape_whitespaces = false` in a `.model`, which no option of the trainer writes.",
    "- BertJapanese with Juman++, which is a program that no package of Python brings, or with a",
    "  configuration of Sudachi's own, which names files outside of the folder.",
    "- XLM's Chinese, Thai and Japanese where a call names them: transformers has them cut by",
    "  rjieba, PyThaiNLP and KyTea. Without a name it takes all text as English, and so do we.",
    "- M2M-100's folders whose files do not list the languages, and Speech2Text's of several",
    "  languages: the ids before a text are in the code of transformers only.",
    "- Models of a GGUF but gpt2, gemma4, llama, t5, bert and rwkv, and unknown names of",
    "  pre-tokenizers (of llama.cpp: whitespace): nothing in the file says how they cut text.",
    r"- `\X`, `\K`, `\G`, `\y`, `{n,m}+`, `(?x)` and other names of classes in patterns of a",
    "  tokenizer.json: Oniguruma reads them otherwise than the engines here; no file has one.",
    r"- `\K`, `\G`, named back references, the flags m, x, U in patterns of rank files: so of",
    "  Rust's fancy-regex.",
    "- Folders of NLLB, SeamlessM4T and XGLM without a tokenizer.json: transformers 5.24 itself",
    "  finds no languages there, and four pieces of XGLM's. LayoutXLM's takes",
    "  words with their boxes, and no text.",
    "- Folders of FNet, GPT-Sw3 and LASR without a tokenizer.json are read as sentencepiece runs",
    "  their model, not as the class. SpeechT5 with `normalize`, which spells numbers out.",
    "- Folders of VITS, Wav2Vec2Phoneme and FastSpeech2Conformer: other programs find phonemes.",
    "- Nougat's vocab.json without a tokenizer.json is not read as its class reads it.",
    "- Of Tapas the questions are read as BERT's.",
    "",
    "CPM is read as transformers 5.24 does, which has no Jieba cut its text (4.x had). RoFormer's",
    "words are those of its class given the vocabulary: from a vocab.txt, 5.24 asks whether a",
    "word is in the file's path, so that no word of Chinese stays whole.",
)


def write_page(rows: Sequence[Mapping[str, Any]], page: Path, size: int) -> None:
    """Write the table, and the files that are refused with their reasons."""
    equal = sum(row["result"] == "equal" for row in rows)
    refused = sum(row["result"].startswith("refused") for row in rows)
    lines = [
        "# Census of published tokenizer files",
        "",
        f"{len(rows)} published files, each held to the library that it was written for: "
        f"{equal} give the same ids and text.",
        f"Over {STRINGS} strings and {size / 1e6:.1f} MB of text a file, with specials found in "
        "text and as plain text, and decoded again.",
        "",
        "| | equal | refused | other ids |",
        "| --- | --- | --- | --- |",
        f"| before this work (2026-11-28) | {_BEFORE[0]} | {_BEFORE[1]} | {_BEFORE[2]} |",
        f"| now | {equal} | {refused} | {len(rows) - equal - refused} |",
        "",
        "Written by `python -m benchmarks census --data DIR --page docs/census.md`; the files are "
        "not part of the project.",
        "",
        "| tokenizer | file | kind | ids | oracle | result |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        cells = [row["name"], row["file"], row["kind"], row.get("ids", ""), row["oracle"]]
        shown = str(row["result"]).replace("|", "\\|").replace("\n", " ")
        lines.append("| " + " | ".join(map(str, [*cells, shown[:200]])) + " |")
    lines += ["", "## What is refused, and why", "", *_REFUSALS]
    page.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _chosen(given: argparse.Namespace) -> Iterator[tuple[str, Path]]:
    beginnings = tuple(given.only.split(","))
    return (each for each in files(Path(given.data) / "census") if each[0].startswith(beginnings))


def _race_all(given: argparse.Namespace) -> int:
    """Race the files and write their page; 1 where ids differ."""
    env = {**census_speed.ENV, **census_speed.ENV_THEIRS}
    rows, done = [], _done(given.rows)
    for name, path in _chosen(given):
        row = done.get((name, path.name))
        if row is None:
            row = child.call("benchmarks.census_speed", "race", str(path), given.data, env=env)
            row |= {"name": name, "file": path.name}
            _keep(row, given.rows)
        rows.append(row)
        print(census_speed.table(rows[-1:])[-1], flush=True)
    census_speed.write_page(rows, given.speed, list(_done(given.before).values()))
    return int(any("differs" in row for row in rows))


def _keep(row: Mapping[str, Any], rows: Path | None) -> None:
    if rows is not None:
        with rows.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")


def _done(rows: Path | None) -> dict[tuple[str, str], dict[str, Any]]:
    """Rows of a run that was ended."""
    if rows is None or not rows.exists():
        return {}
    found = map(json.loads, rows.read_text(encoding="utf-8").splitlines())
    return {(row["name"], row["file"]): row for row in found}


def _held(name: str, path: Path, given: argparse.Namespace) -> dict[str, Any]:
    """The row of a file, made in a process of its own."""
    try:
        row = child.call("benchmarks.census", "hold", str(path), given.data, given.size)
    except RuntimeError as error:
        said = f"fails: {str(error)[-200:]}"
        row = {"file": path.name, "kind": "", "oracle": "", "result": said}
    return {**row, "name": name}


def _show(row: Mapping[str, Any], *, verbose: bool) -> None:
    print(f"{row['name']} {row['file']}: {row['kind']}; {row['result']}", flush=True)
    for mode, example in (row.get("examples") or {}).items() if verbose else ():
        print(f"    {mode}: {example}")
    for note in row.get("warnings") or ():
        print(f"    warns: {note}")


def main(arguments: list[str] | None = None) -> int:
    """Hold all files to their oracles; 1 where one differs."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks census", description=__doc__)
    parser.add_argument("--data", default=os.environ.get("TOKENRY_DATA"), help="shared data folder")
    parser.add_argument("--only", default="", help="folders that begin so, several with commas")
    parser.add_argument("--size", type=int, default=1_000_000, help="bytes of long text a file")
    parser.add_argument("--rows", type=Path, help="keep rows here; a run that was ended goes on")
    parser.add_argument("--page", type=Path, default=None, help=f"write the table here [{PAGE}]")
    parser.add_argument("--speed", type=Path, default=None, help="race them, and write this page")
    parser.add_argument("--before", type=Path, help="rows of an earlier race, shown beside")
    parser.add_argument("--verbose", action="store_true", help="show the first difference")
    given = parser.parse_args(arguments)
    if given.data is None:
        parser.error("give --data DIR, the folder that holds census/")
    if given.speed is not None:
        return _race_all(given)
    rows = []
    done = _done(given.rows)
    for name, path in _chosen(given):
        row = done.get((name, path.name))
        if row is None:
            row = _held(name, path, given)
            _keep(row, given.rows)
        rows.append(row)
        _show(row, verbose=given.verbose)
    equal = sum(row["result"] == "equal" for row in rows)
    print(f"{equal} of {len(rows)} files are equal to their oracle")
    if given.page:
        write_page(rows, given.page, given.size)
    return 0 if equal == len(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
