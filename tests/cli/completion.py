#!/usr/bin/env python3
"""What bash offers:  completion.py sluice.bash"""

import os
import pathlib
import subprocess
import sys
import tempfile

from checks import Checks

SCRIPT = os.path.abspath(sys.argv[1])
check = Checks()


def offered(*words):
    """The words offered for the last one."""
    with tempfile.TemporaryDirectory() as folder:
        pathlib.Path(folder, "my rules").mkdir()
        pathlib.Path(folder, "a.rules").write_text("source hotline\n  topic from kind\n")
        pathlib.Path(folder, "events.ndjson").write_text("")
        line = " ".join(f"'{word}'" for word in ("sluice", *words))
        code = f'source "{SCRIPT}"; COMP_WORDS=({line}); COMP_CWORD={len(words)}; _sluice; printf "%s\\n" "${{COMPREPLY[@]}}"'
        answer = subprocess.run(["bash", "-uc", code], cwd=folder, capture_output=True, text=True, check=False)
        assert answer.returncode == 0 and not answer.stderr, answer.stderr
        return sorted(filter(None, answer.stdout.split("\n")))


@check
def commands():
    assert offered("") == ["--help", "--version", "bench", "compile", "cover", "diff", "dump", "fmt", "lint", "run", "test", "why"], offered("")
    assert offered("li") == ["lint"]


@check
def options_of_the_command():
    assert offered("lint", "--") == ["--color", "--explain", "--gaps", "--help", "--json", "--no-proofs", "--strict"], offered("lint", "--")
    assert offered("test", "--ju") == ["--junit"]


@check
def rules_and_folders():
    assert offered("lint", "") == ["a.rules", "my rules"], offered("lint", "")


@check
def values():
    assert offered("lint", "--color", "a") == ["always", "auto"]
    assert "events.ndjson" in offered("run", "--events", "")
    assert offered("run", "--at", "") == []


@check
def sources():
    assert "github" in offered("run", "--source", "")
    assert offered("run", "a.rules", "--source", "hot") == ["hotline"]


check.run()
