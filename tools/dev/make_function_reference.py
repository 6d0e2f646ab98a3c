#!/usr/bin/env python3
"""Writes the reference page of the functions from stdlib/functions.def.

usage: make_function_reference.py FUNCTIONS_DEF OUTPUT

The page has one table for each comment that heads a group of functions.
"""

import ast
import pathlib
import re
import sys

TYPES = {"TEXT": "text", "NUMBER": "number", "FLAG": "flag", "TIME": "time", "DURATION": "duration", "LIST": "list"}
ENTRY = re.compile(
    r"""/\*(?P<heading>.*?)\*/
    |FUNCTION\((?P<name>\w+),\s*"(?P<word>\w+)",\s*(?P<result>\w+),\s*PARAMETERS\d\((?P<parameters>[^)]*)\),\s*\w+,
     \s*(?P<texts>(?:"(?:[^"\\]|\\.)*"[\s,]*)+)\)""",
    re.S | re.X,
)
INTRODUCTION = """# Functions

Made from `stdlib/functions.def`; every example here is run as a test.

A function gives the same result for the same arguments, wherever it is called. A missing
argument makes the result missing, and so does a result past the limits on texts and lists.
Letter case is ignored wherever texts are compared or looked for.
"""


def texts_of(written):
    """The C string literals of an entry: neighbours without a comma are one."""
    literal = r'"(?:[^"\\]|\\.)*"'
    groups = re.findall(rf"{literal}(?:\s*{literal})*", written)
    return ["".join(ast.literal_eval(part) for part in re.findall(literal, group)) for group in groups]


def cell(text):
    return text.replace("|", "\\|").replace("\n", " ")


def main():
    source, output = map(pathlib.Path, sys.argv[1:])
    lines, headings = [INTRODUCTION], 0
    for entry in ENTRY.finditer(source.read_text(encoding="utf-8")):
        if entry["heading"]:
            headings += 1
            if headings > 1:  # the first comment explains the table itself
                lines.append(f"\n## {entry['heading'].strip()}\n")
                lines.append("| function | gives | | example |\n| --- | --- | --- | --- |")
            continue
        description, example, gives = texts_of(entry["texts"])
        parameters = ", ".join(TYPES[name.strip()] for name in entry["parameters"].split(","))
        lines.append(
            f"| `{entry['word']}({parameters})` | {TYPES[entry['result']]} | {cell(description)}"
            f" | `{cell(example)}` is `{cell(gives)}` |"
        )
    output.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
