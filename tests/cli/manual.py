#!/usr/bin/env python3
"""Help fits a screen, and the manual page has all of it:  manual.py SLUICE sluice.1"""

import pathlib
import re
import shutil
import subprocess
import sys

from checks import Checks

SLUICE, PAGE = sys.argv[1:]
check = Checks()


def page(*words):
    answer = subprocess.run([SLUICE, *words], capture_output=True, text=True, check=True)
    assert not answer.stderr
    return answer.stdout


def commands():
    return re.findall(r"^  ([a-z]+) ", page("--help"), re.MULTILINE)


@check
def help_fits_a_screen():
    for words in [["--help"], *([command, "--help"] for command in commands())]:
        lines = page(*words).split("\n")
        assert len(lines) <= 24 and max(map(len, lines)) < 80, (words, len(lines), max(lines, key=len))


@check
def manual_has_every_option():
    text = pathlib.Path(PAGE).read_text()
    assert commands()
    for command in commands():
        assert f"sluice {command} " in text
        for option in re.findall(r"^  --([a-z]+)", page(command, "--help"), re.MULTILINE):
            assert "\\-\\-" + option in text, option


@check
def manual_is_clean():
    if not shutil.which("groff"):
        return
    answer = subprocess.run(["groff", "-man", "-Tutf8", "-ww", "-z", PAGE], capture_output=True, text=True, check=False)
    assert answer.returncode == 0 and not answer.stderr, answer.stderr


check.run()
