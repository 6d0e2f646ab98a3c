"""The rule sets that we ship have no findings, asked for gaps as well, but those with a reason.

A ruleset that leaves events to no rule says which in the comment above it:
"# Left to nobody: ...". One that says so leaves some, or the comment goes.

usage: gaps.py SLUICE RULES
"""

import json
import pathlib
import re
import subprocess
import sys

RULESET = re.compile(r'^((?:#.*\n)*)ruleset "(.*?)" on', re.M)
ABOUT = re.compile(r'rule of "(.*?)"')


def main():
    sluice, rules = sys.argv[1], pathlib.Path(sys.argv[2])
    finished = subprocess.run([sluice, "lint", "--gaps", "--json", rules], capture_output=True, check=False)
    findings = [json.loads(line) for line in finished.stdout.decode().splitlines()]
    problems, left = [], set()
    for finding in findings:
        title = ABOUT.search(finding["message"])
        if finding["code"] not in ("gap", "undecided") or title is None:
            problems.append(f"{finding['file']}:{finding['line']}: {finding['code']}: {finding['message']}")
        else:
            left.add((finding["file"], title[1]))
    explained = {(str(path), title) for path in sorted(rules.rglob("*.rules"))
                 for comment, title in RULESET.findall(path.read_text(encoding="utf-8")) if "# Left to nobody: " in comment}
    problems += [f"{path}: \"{title}\" leaves events to nobody and does not say why" for path, title in left - explained]
    problems += [f"{path}: \"{title}\" says what it leaves to nobody, and leaves nothing" for path, title in explained - left]
    print(*sorted(problems), sep="\n", end="\n" if problems else "")
    print(f"{len(explained | left) - len(problems)} passed, {len(problems)} failed")
    return 1 if problems or not explained else 0


if __name__ == "__main__":
    sys.exit(main())
