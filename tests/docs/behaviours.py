#!/usr/bin/env python3
"""Checks docs/behaviours.md: every behaviour has a row, and what is called tested is.

    behaviours.py docs/behaviours.md rules

A row is `| S1.1 | behaviour | where | how |`. Where is one of the words of
PLACES. `rule test` needs the number in the title of a test under rules/, and a
number in a title needs `rule test`. `lint` and `diff` need the number of a
case's first line, or the name of a diagnostic code in the last column.
"""

import pathlib
import re
import sys

# How many behaviours each way of working has.
COUNTS = {1: 34, 2: 24, 3: 19, 4: 16, 5: 39}
PLACES = {"rule test", "language", "linter", "prover", "daemon", "connector", "site file", "warehouse", "inbox", "not offered"}
ROW = re.compile(r"^\| (S\d+\.\d+) \| (.+?) \| (.+?) \| (.+) \|$")
TITLE = re.compile(r'^test "(.*)"$', re.M)
NUMBER = re.compile(r"S\d+\.\d+")


def main():
    page, rules = map(pathlib.Path, sys.argv[1:])
    rows = [row.groups() for row in map(ROW.match, page.read_text(encoding="utf-8").splitlines()) if row]
    titles = [title for path in sorted(rules.rglob("*.rules")) for title in TITLE.findall(path.read_text(encoding="utf-8"))]
    tested = {number for title in titles for number in NUMBER.findall(title)}
    wanted = [f"S{group}.{i}" for group, count in COUNTS.items() for i in range(1, count + 1)]
    problems = []
    if [row[0] for row in rows] != wanted:
        missing = sorted(set(wanted) - {row[0] for row in rows})
        problems.append(f"the rows are not S1.1 to S5.39, each once and in order; missing: {missing}")
    for number, _, where, _ in rows:
        if where not in PLACES:
            problems.append(f"{number}: no such place: {where}")
        if where == "rule test" and number not in tested:
            problems.append(f"{number}: called tested, but no title under {rules} has it")
        if where != "rule test" and number in tested:
            problems.append(f"{number}: a test has it, but the page says {where}")
    for problem in problems:
        print(problem)
    print(f"{len(rows) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
