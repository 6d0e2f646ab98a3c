#!/usr/bin/env python3
"""Checks that docs/reference.md is what make_reference prints; --update rewrites it."""

import difflib
import pathlib
import subprocess
import sys


def main():
    update = "--update" in sys.argv
    program, page = [word for word in sys.argv[1:] if word != "--update"]
    page = pathlib.Path(page)
    made = subprocess.run([program], stdout=subprocess.PIPE, text=True, check=True).stdout
    if update:
        page.write_text(made, encoding="utf-8")
    there = page.read_text(encoding="utf-8")
    difference = difflib.unified_diff(there.splitlines(), made.splitlines(), str(page), "the tables", lineterm="")
    print("\n".join(difference))
    if there != made:
        print("run the same command with --update")
    print("1 passed, 0 failed" if there == made else "0 passed, 1 failed")
    return 0 if there == made else 1


if __name__ == "__main__":
    sys.exit(main())
