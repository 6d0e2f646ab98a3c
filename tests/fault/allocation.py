"""Fails every allocation once, over the command lines of the case suite.

usage: allocation.py PROGRAM CASES… [--every N] [--most SECONDS]

--every N tries each Nth allocation only; the whole is for the night.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cases"))

import run as cases

SHELL = re.compile(r"[|<>;&$`*?()]")
SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


def write_files(folder, sections):
    for section in sections:
        if section.is_file:
            path = folder / section.name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(section.content())


def run_case(program, path, every):
    """(passed, failed, what was said) for all commands of one case."""
    passed = failed = 0
    said = []
    case = cases.Case(path)
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(scratch)
        write_files(folder, case.files)
        for command in case.commands:
            write_files(folder, command.sections)
            if not command.text.startswith("sluice ") or SHELL.search(command.text):
                continue
            given = folder / ".stdin"
            section = command.find("stdin")
            given.write_bytes(section.content() if section else b"")
            environment = {**os.environ, "ASAN_OPTIONS": "exitcode=99:detect_leaks=1:allocator_may_return_null=1",
                           "UBSAN_OPTIONS": "exitcode=99:halt_on_error=1", "LSAN_OPTIONS": "exitcode=99"}
            with open(given, "rb") as stream:
                finished = subprocess.run([program, "--every", str(every), "--", *shlex.split(command.text)[1:]],
                                          cwd=folder, stdin=stream, capture_output=True, text=True, errors="replace",
                                          env=environment, check=False)
            found = SUMMARY.findall(finished.stdout)
            good, bad = (int(found[-1][0]), int(found[-1][1])) if found else (0, 1)
            passed, failed = passed + good, failed + bad
            if bad:
                said.append(f"{path}: $ {command.text}\n{finished.stdout}{finished.stderr[-3000:]}")
    return passed, failed, said


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("folders", nargs="+", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1)
    options = parser.parse_args()
    program = os.path.abspath(options.program)
    paths = sorted(path for folder in options.folders for path in folder.rglob("*.case"))
    passed = failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for good, bad, said in pool.map(lambda path: run_case(program, path, options.every), paths):
            passed, failed = passed + good, failed + bad
            for text in said[:1] if failed < 20 else []:
                print(text)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
