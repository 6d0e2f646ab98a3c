#!/usr/bin/env python3
"""Checks docs/behaviours.md: every behaviour has a row, and what is called tested is.

    behaviours.py docs/behaviours.md rules engine/text/codes.def

A row is `| S1.1 | behaviour | where | how |`. Where is one of PLACES. `rule test`
gives *titles* of tests under rules/ that begin with the number, and a number
in a title needs `rule test`. Rule files named in backquotes exist; `linter` names a code.
"""

import pathlib
import re
import sys

# How many behaviours each way of working has.
COUNTS = {1: 34, 2: 24, 3: 19, 4: 16, 5: 39}
PLACES = {"rule test", "rule set", "language", "linter", "prover", "daemon", "connector", "site file", "warehouse",
          "inbox", "not offered", "left out"}
ROW = re.compile(r"^\| (S\d+\.\d+) \| (.+?) \| (.+?) \| (.+) \|$")
TITLE = re.compile(r'^test "(.*)"$', re.M)
CODE = re.compile(r'^DIAGNOSTIC\(\w+, "([\w-]+)"', re.M)
RULE_FILE = re.compile(r"`([\w./-]+\.rules)`")
NUMBERS = re.compile(r"^(S\d+\.\d+ )+")
ITALIC = re.compile(r"\*(.+?)\.\*")
NUMBER = re.compile(r"S\d+\.\d+")


def main():
    page, rules, codes = map(pathlib.Path, sys.argv[1:])
    known_codes = set(CODE.findall(codes.read_text(encoding="utf-8")))
    rows = [row.groups() for row in map(ROW.match, page.read_text(encoding="utf-8").splitlines()) if row]
    titles = [title for path in sorted(rules.rglob("*.rules"))
              for title in TITLE.findall(path.read_text(encoding="utf-8"))]
    tested = {}
    for title in titles:
        for number in NUMBER.findall(title):
            tested.setdefault(number, set()).add(NUMBERS.sub("", title).casefold())
    wanted = [f"S{group}.{i}" for group, count in COUNTS.items() for i in range(1, count + 1)]
    problems = []
    if [row[0] for row in rows] != wanted:
        missing = sorted(set(wanted) - {row[0] for row in rows})
        problems.append(f"the rows are not S1.1 to S5.39, each once and in order; missing: {missing}")
    for number, _, where, how in rows:
        for name in RULE_FILE.findall(how):
            if not (rules / name).exists() and not (rules.parent / name).exists():
                problems.append(f"{number}: there is no {name}")
        if where == "linter" and not known_codes & set(re.findall(r"`([\w-]+)`", how)):
            problems.append(f"{number}: names no code of a finding")
        if where not in PLACES:
            problems.append(f"{number}: no such place: {where}")
        if where == "rule test":
            shown = {title.casefold() for title in ITALIC.findall(how)}
            if not shown or not shown <= tested.get(number, set()):
                problems.append(f"{number}: no test under {rules} has this number and title: {how}")
        if where != "rule test" and number in tested:
            problems.append(f"{number}: a test has it, but the page says {where}")
    for problem in problems:
        print(problem)
    print(f"{len(rows) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
