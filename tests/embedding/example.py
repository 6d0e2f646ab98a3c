#!/usr/bin/env python3
"""Compiles the program of docs/embedding.md against the library and compares what it prints."""

import pathlib
import re
import subprocess
import sys
import tempfile


def block(page, language):
    """The first fenced block of that language."""
    return re.search(r"```" + language + r"\n(.*?)```", page, re.DOTALL).group(1)


def main():
    page_path, headers, library, *compiler = sys.argv[1:]
    page = pathlib.Path(page_path).read_text(encoding="utf-8")
    library = pathlib.Path(library).resolve()
    with tempfile.TemporaryDirectory() as scratch:
        source = pathlib.Path(scratch, "example.c")
        program = pathlib.Path(scratch, "example")
        source.write_text(block(page, "c"), encoding="utf-8")
        flags = ["-std=c11", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I", headers]
        linking = ["-L", str(library.parent), f"-Wl,-rpath,{library.parent}", "-lsluice"]
        subprocess.run([*compiler, *flags, str(source), "-o", str(program), *linking], check=True)
        run = subprocess.run([str(program)], stdout=subprocess.PIPE, text=True, check=False)
    expected = block(page, "text")
    if run.returncode == 0 and run.stdout == expected:
        return 0
    print(f"exit status {run.returncode}\nexpected:\n{expected}\nprinted:\n{run.stdout}")
    return 1


sys.exit(main())
