"""Fails every allocation once, over the command lines of the case suite.

usage: allocation.py PROGRAM SLUICE CASES… [--every N] [--heap] [--jobs N]

A case's commands run in the shell as they stand, with a `sluice` in the path
that first runs PROGRAM on the same arguments and input. --every N fails each
Nth allocation only, beginning at another one for each case; --heap only what the system is asked for.
"""

import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "cases"))

import run as cases

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)
STAND_IN = """#!/bin/sh
given=$(mktemp)
cat >"$given"
echo "$ sluice $*" >>"$FAULT_LOG"
"$FAULT_PROGRAM" --every "$FAULT_EVERY" --from "$FAULT_FROM" $FAULT_HEAP -- "$@" <"$given" >>"$FAULT_LOG" 2>&1
"$FAULT_SLUICE" "$@" <"$given"
status=$?
rm -f "$given"
exit $status
"""
# PROGRAM itself counts the blocks that are left behind: each against those that a run without failure leaves.
REPORTS = {
    "ASAN_OPTIONS": "exitcode=99:detect_leaks=0:allocator_may_return_null=1",
    "UBSAN_OPTIONS": "exitcode=99:halt_on_error=1:print_stacktrace=1",
}

TOO_SLOW = {"hostile.case"}  # seconds for one run: too long to be repeated for each allocation


def run_case(path, number, options, stand_in):
    """What PROGRAM said of all commands of one case."""
    case = cases.Case(path)
    with tempfile.TemporaryDirectory() as scratch, tempfile.NamedTemporaryFile("r", errors="replace") as log:
        environment = {
            **os.environ, **REPORTS, "PATH": f"{stand_in}:{os.environ['PATH']}", "LC_ALL": "C.UTF-8", "TZ": "UTC",
            "FAULT_LOG": log.name, "FAULT_PROGRAM": os.path.abspath(options.program), "FAULT_EVERY": str(options.every),
            "FAULT_FROM": str(number % options.every + 1), "FAULT_HEAP": "--heap" if options.heap else "",
            "FAULT_SLUICE": os.path.abspath(options.sluice)}
        cases.write_files(case.files, scratch)
        for command in case.commands:
            cases.write_files(command.sections, scratch)
            stdin = command.find("stdin")
            subprocess.run(["sh", "-c", command.text], cwd=scratch, env=environment, capture_output=True, check=False,
                           input=stdin.content() if stdin else b"")
        return log.read()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("sluice")
    parser.add_argument("places", nargs="+", type=pathlib.Path)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--heap", action="store_true")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    options = parser.parse_args()
    paths = [path for path in cases.find_cases(options.places) if path.name not in TOO_SLOW]
    passed = failed = 0
    with tempfile.TemporaryDirectory() as stand_in, concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        script = pathlib.Path(stand_in, "sluice")
        script.write_text(STAND_IN)
        script.chmod(0o755)
        logs = pool.map(lambda numbered: run_case(numbered[1], numbered[0], options, stand_in), enumerate(paths))
        for path, log in zip(paths, logs):
            before = passed, failed
            for part in re.split(r"^(?=\$ sluice )", log, flags=re.MULTILINE)[1:]:
                found = SUMMARY.findall(part)
                good, bad = (int(found[-1][0]), int(found[-1][1])) if found else (0, 1)
                passed, failed = passed + good, failed + bad
                if bad and failed < 20:
                    print(f"{path}: {part}", flush=True)
            print(f"{path}: {passed - before[0]} passed, {failed - before[1]} failed", flush=True)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
