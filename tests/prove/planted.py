"""A planted finding for every operator and every type that it is for.

The cases under tests/cases/prove/planted are made from the table below: of two
conditions where the stronger implies the weaker follow a rule that never wins,
a contradiction, a condition that always holds, a rule that can be left out, a
gap, a conflict of tags and changes of a rule set. Their goldens say what the
linter makes of it. Here it is held that the table has each operator of
grammar/expressions.def with each type of engine/base/types.def that the
language allows it for, and that in each case everything planted is found.

usage: planted.py SLUICE SOURCE_ROOT [--write]
"""

import pathlib
import re
import subprocess
import sys
import tempfile

# What stands for a value, or for a condition as a value: no tests of their own.
OPERANDS = {"TEXT", "NUMBER", "TIME", "DURATION", "LIST", "NOW", "CALL", "TEMPLATE", "FALLBACK", "ADD", "SUBTRACT",
            "MULTIPLY", "DIVIDE", "NEGATE", "GROUP", "COUNT"}
CONSTANTS = {"TEXT": '"a"', "NUMBER": "5", "FLAG": "true", "TIME": "2026-01-01", "DURATION": "1 days", "LIST": '["a"]',
             "CHOICE": '"open"'}
# For each operator a test of `f` that shows whether the type has it; one operator, one line.
SAMPLES = {
    "FLAG": "true and {f} is known", "NAME": "{f}", "AND": "{f} and {f}", "OR": "{f} or {f}", "NOT": "not {f}",
    "EQUAL": "{f} is {c}", "NOT_EQUAL": "{f} is not {c}", "LESS": "{f} < {c}", "AT_MOST": "{f} <= {c}",
    "GREATER": "{f} > {c}", "AT_LEAST": "{f} >= {c}", "BETWEEN": "{f} between {c} and {c}",
    "ONE_OF": "{f} is one of [{c}]", "NOT_ONE_OF": "{f} is not one of [{c}]", "HAS": '{f} has "a"',
    "HAS_ANY": '{f} has any of ["a"]', "HAS_ALL": '{f} has all of ["a"]', "HAS_NONE": '{f} has none of ["a"]',
    "CONTAINS": '{f} contains "o"', "CONTAINS_ANY": '{f} contains any of ["o"]', "STARTS_WITH": '{f} starts with "o"',
    "STARTS_WITH_ANY": '{f} starts with any of ["o"]', "ENDS_WITH": '{f} ends with "n"',
    "ENDS_WITH_ANY": '{f} ends with any of ["n"]', "MATCHES": "{f} matches /o/", "KNOWN": "{f} is known",
    "MISSING": "{f} is missing", "WITHIN": "{f} is within 1 days", "OLDER": "{f} is older than 1 days",
    "DURING": "{f} is during office",
}
HEAD = """use intercom
field f.text : text
field f.number : number
field f.flag : flag
field f.time : time
state contact.duration : duration
field f.choice : choice of "open", "won", "lost"
field f.list : list of text
calendar office
  zone "UTC"
  open monday to friday 09:00 to 17:00
group topic exclusive is "Bug", "Feature"
"""


def field_of(kind):
    """No event carries a duration: state does."""
    return "contact.duration" if kind == "DURATION" else f"f.{kind.lower()}"


# (operator, type): (weaker, stronger); in one of them stands the operator.
PLANTED = {
    ("EQUAL", "TEXT"): ('f.text starts with "a"', 'f.text is "abc"'),
    ("EQUAL", "NUMBER"): ("f.number >= 10", "f.number is 20"),
    ("EQUAL", "FLAG"): ("f.flag is known", "f.flag is false"),
    ("EQUAL", "TIME"): ("f.time >= 2026-01-01", "f.time is 2026-02-01"),
    ("EQUAL", "DURATION"): ("contact.duration >= 1 days", "contact.duration is 2 days"),
    ("EQUAL", "LIST"): ('f.list is ["a"]', 'f.list is ["a"] and f.number > 5'),
    ("EQUAL", "CHOICE"): ('f.choice is one of ["won", "lost"]', 'f.choice is "won"'),
    ("NOT_EQUAL", "TEXT"): ('f.text is not "abc"', 'f.text starts with "b"'),
    ("NOT_EQUAL", "NUMBER"): ("f.number is not 20", "f.number > 20"),
    ("NOT_EQUAL", "FLAG"): ("f.flag is not true", "f.flag is false"),
    ("NOT_EQUAL", "TIME"): ("f.time is not 2026-02-01", "f.time > 2026-02-01"),
    ("NOT_EQUAL", "DURATION"): ("contact.duration is not 2 days", "contact.duration > 2 days"),
    ("NOT_EQUAL", "LIST"): ('f.list is not ["a"]', 'f.list is not ["a"] and f.number > 5'),
    ("NOT_EQUAL", "CHOICE"): ('f.choice is not "won"', 'f.choice is "open"'),
    ("LESS", "NUMBER"): ("f.number < 20", "f.number <= 19.5"),
    ("LESS", "TIME"): ("f.time < 2026-02-01", "f.time < 2026-01-01"),
    ("LESS", "DURATION"): ("contact.duration < 2 days", "contact.duration < 36 hours"),
    ("AT_MOST", "NUMBER"): ("f.number <= 20", "f.number < 20"),
    ("AT_MOST", "TIME"): ("f.time <= 2026-02-01", "f.time < 2026-02-01"),
    ("AT_MOST", "DURATION"): ("contact.duration <= 2 days", "contact.duration < 2 days"),
    ("GREATER", "NUMBER"): ("f.number > 20", "f.number > 21"),
    ("GREATER", "TIME"): ("f.time > 2026-02-01", "f.time > 2026-02-02"),
    ("GREATER", "DURATION"): ("contact.duration > 2 days", "contact.duration > 3 days"),
    ("AT_LEAST", "NUMBER"): ("f.number >= 20", "f.number > 20"),
    ("AT_LEAST", "TIME"): ("f.time >= 2026-02-01", "f.time > 2026-02-01"),
    ("AT_LEAST", "DURATION"): ("contact.duration >= 2 days", "contact.duration > 2 days"),
    ("BETWEEN", "NUMBER"): ("f.number between 10 and 20", "f.number between 10 and 19"),
    ("BETWEEN", "TIME"): ("f.time between 2026-01-01 and 2026-02-01", "f.time is 2026-02-01"),
    ("BETWEEN", "DURATION"): ("contact.duration between 1 days and 2 days", "contact.duration is 2 days"),
    ("ONE_OF", "TEXT"): ('f.text is one of ["a", "b"]', 'f.text is exactly "B"'),
    ("ONE_OF", "NUMBER"): ("f.number is one of [10, 20]", "f.number is 20"),
    ("ONE_OF", "FLAG"): ("f.flag is one of [true, false]", "f.flag is true"),
    ("ONE_OF", "TIME"): ("f.time is one of [2026-01-01, 2026-02-01]", "f.time is 2026-02-01"),
    ("ONE_OF", "DURATION"): ("contact.duration is one of [1 days, 2 days]", "contact.duration is 2 days"),
    ("ONE_OF", "CHOICE"): ('f.choice is one of ["open", "won"]', 'f.choice is "won"'),
    ("NOT_ONE_OF", "TEXT"): ('f.text is not one of ["a", "b"]', 'f.text starts with "c"'),
    ("NOT_ONE_OF", "NUMBER"): ("f.number is not one of [10, 20]", "f.number > 20"),
    ("NOT_ONE_OF", "FLAG"): ("f.flag is not one of [true]", "f.flag is false"),
    ("NOT_ONE_OF", "TIME"): ("f.time is not one of [2026-01-01, 2026-02-01]", "f.time > 2026-02-01"),
    ("NOT_ONE_OF", "DURATION"): ("contact.duration is not one of [1 days, 2 days]", "contact.duration > 2 days"),
    ("NOT_ONE_OF", "CHOICE"): ('f.choice is not one of ["open", "won"]', 'f.choice is "lost"'),
    ("HAS", "LIST"): ('f.list has "a"', 'f.list has exactly "A"'),
    ("HAS_ANY", "LIST"): ('f.list has any of ["a", "b"]', 'f.list has "b"'),
    ("HAS_ALL", "LIST"): ('f.list has "a"', 'f.list has all of ["a", "b"]'),
    ("HAS_NONE", "LIST"): ('f.list has none of ["a"]', 'f.list has none of ["a", "b"]'),
    ("CONTAINS", "TEXT"): ('f.text contains "a"', 'f.text contains exactly "bA"'),
    ("CONTAINS", "CHOICE"): ('f.choice contains "o"', 'f.choice is "won"'),
    ("CONTAINS_ANY", "TEXT"): ('f.text contains any of ["a", "b"]', 'f.text contains "xb"'),
    ("CONTAINS_ANY", "CHOICE"): ('f.choice contains any of ["w", "s"]', 'f.choice is "won"'),
    ("STARTS_WITH", "TEXT"): ('f.text starts with "a"', 'f.text starts with "ab"'),
    ("STARTS_WITH", "CHOICE"): ('f.choice is not "won" and f.choice is known', 'f.choice starts with "o"'),
    ("STARTS_WITH_ANY", "TEXT"): ('f.text starts with any of ["a", "b"]', 'f.text starts with "bc"'),
    ("STARTS_WITH_ANY", "CHOICE"): ('f.choice starts with any of ["o", "w"]', 'f.choice is "won"'),
    ("ENDS_WITH", "TEXT"): ('f.text ends with "a"', 'f.text ends with "ba"'),
    ("ENDS_WITH", "CHOICE"): ('f.choice ends with "n"', 'f.choice is "won"'),
    ("ENDS_WITH_ANY", "TEXT"): ('f.text ends with any of ["a", "b"]', 'f.text ends with "cb"'),
    ("ENDS_WITH_ANY", "CHOICE"): ('f.choice ends with any of ["n", "x"]', 'f.choice is "won"'),
    ("MATCHES", "TEXT"): ("f.text matches /^[a-c]/", "f.text matches exactly /^a[0-9]+$/"),
    ("MATCHES", "CHOICE"): ("f.choice matches /n$/", 'f.choice is "won"'),
    ("KNOWN", "TEXT"): ("f.text is known", 'f.text contains "a"'),
    ("KNOWN", "NUMBER"): ("f.number is known", "f.number < 5"),
    ("KNOWN", "FLAG"): ("f.flag is known", "f.flag"),
    ("KNOWN", "TIME"): ("f.time is known", "f.time is within 2 days"),
    ("KNOWN", "DURATION"): ("contact.duration is known", "contact.duration < 2 days"),
    ("KNOWN", "CHOICE"): ("f.choice is known", 'f.choice is "open"'),
    ("KNOWN", "LIST"): ("f.list is known", 'f.list has "a"'),
    ("MISSING", "LIST"): ('f.list is missing or f.list has "a"', 'f.list has "a"'),
    ("MISSING", "TEXT"): ('not (f.text contains "a")', "f.text is missing"),
    ("MISSING", "NUMBER"): ("not (f.number < 5)", "f.number is missing"),
    ("MISSING", "FLAG"): ("not f.flag", "f.flag is missing"),
    ("MISSING", "TIME"): ("f.time is not 2026-01-01", "f.time is missing"),
    ("MISSING", "DURATION"): ("not (contact.duration < 2 days)", "contact.duration is missing"),
    ("MISSING", "CHOICE"): ('f.choice is not "open"', "f.choice is missing"),
    ("WITHIN", "TIME"): ("f.time is within 2 days", "f.time is within 1 days"),
    ("OLDER", "TIME"): ("f.time is older than 1 days", "f.time is older than 2 days"),
    ("DURING", "TIME"): ("f.time is during office", "f.time is during office and f.number > 5"),
    ("NAME", "FLAG"): ("f.flag", "f.flag and f.number > 5"),
    ("AND", "FLAG"): ("f.flag", "f.flag and f.text is known"),
    ("OR", "FLAG"): ("f.flag or f.number > 5", "f.flag"),
    ("NOT", "FLAG"): ("not f.flag", "f.flag is false"),
}
for kind in ("TEXT", "NUMBER", "FLAG", "TIME", "DURATION", "LIST", "CHOICE"):
    PLANTED["FLAG", kind] = (f"{field_of(kind)} is known", f"true and {field_of(kind)} is known and f.number > 5")

CODES = ["unreachable-rule", "contradiction", "always-true", "redundant-rule", "gap", "tag-conflict"]
CHECKS = """ruleset "Never" on lead.qualified
  rule "Weaker"
    when {weaker}
    then record("a")
  rule "Stronger"
    when {stronger}
    then record("b")
ruleset "Contradiction" on lead.qualified
  rule "Both and neither"
    when {stronger}
    unless {weaker}
    then record("a")
ruleset "Always" on lead.qualified
  rule "One or the other"
    when {weaker} or not ({stronger})
    then record("a")
ruleset "Redundant" on lead.qualified
  rule "Stronger"
    when {stronger}
    then record("a")
  rule "Weaker"
    when {weaker}
    then record("a")
ruleset "Gap" on lead.qualified complete
  rule "Stronger"
    when {stronger}
    then record("a")
  rule "Not even the weaker, and known"
    when not ({weaker}) and {field} is known
    then record("b")
ruleset "One tag" on lead.qualified
  rule "Weaker"
    when {weaker}
    then intercom.tag("Bug")
ruleset "Another tag" on lead.qualified
  rule "Stronger"
    when {stronger}
    then intercom.tag("Feature")
"""
SHORT = """ruleset "Changed" on lead.qualified
  rule "R"
    when {}
    then record("a")
"""
LONG = """ruleset "Changed" on lead.qualified
  rule "Stronger"
    when {}
    then record("a")
  rule "R"
    when {}
    then record("a")
"""


def name_of(operator, kind):
    return f"{operator.lower().replace('_', '-')}-{kind.lower()}.case"


def inputs_of(operator, kind):
    """The case without what the commands answer."""
    weaker, stronger = PLANTED[operator, kind]
    checks = CHECKS.format(weaker=weaker, stronger=stronger, field=field_of(kind))
    if kind == "LIST":  # is never missing
        checks = checks.replace(" and known", "").replace(" and f.list is known", "")
    return (f"# Planted for {operator} on {kind}: made by tests/prove/planted.py.\n$ sluice lint a.rules\n"
            f"--- a.rules\n{HEAD}{checks}",
            f"$ sluice diff old.rules new.rules\n--- old.rules\n{HEAD}{SHORT.format(weaker)}"
            f"--- new.rules\n{HEAD}{SHORT.format(stronger)}",
            f"$ sluice diff old.rules longer.rules\n--- longer.rules\n{HEAD}{LONG.format(stronger, weaker)}")


def write_all(folder):
    folder.mkdir(exist_ok=True)
    for operator, kind in PLANTED:
        (folder / name_of(operator, kind)).write_text("".join(inputs_of(operator, kind)), encoding="utf-8")


def is_allowed(sluice, scratch, operator, kind):
    """Does the language have the operator for that type?"""
    path = pathlib.Path(scratch, "sample.rules")
    sample = SAMPLES[operator].format(f=field_of(kind), c=CONSTANTS[kind])
    path.write_text(f'{HEAD}ruleset "S" on lead.qualified\n  rule "R"\n    when {sample}\n    then record("a")\n',
                    encoding="utf-8")
    return subprocess.run([sluice, "lint", "--no-proofs", path], capture_output=True, check=False).returncode == 0


def problems_of(root, operator, kind):
    path = root / "tests/cases/prove/planted" / name_of(operator, kind)
    if not path.exists():
        return [f"there is no {path.name}: run planted.py --write"]
    text = path.read_text(encoding="utf-8")
    problems = [f"{path.name}: is not as the table has it: run planted.py --write"
                for part in inputs_of(operator, kind) if part not in text]
    problems += [f"{path.name}: {code} was planted and is not found"
                 for code in CODES if f"[{code}]" not in text and (operator, kind, code) not in NOT_FOUND]
    if "equal: every event" not in text:
        problems.append(f"{path.name}: the longer rule set is not proved equal")
    if "kind of change" not in text and (operator, kind, "diff") not in NOT_FOUND:
        problems.append(f"{path.name}: no change is shown")
    return problems


# What cannot be found. What is not reasoned about may hold, or not, on an event that is to be shown.
NOT_FOUND = {(operator, kind, code) for operator, kind in (("EQUAL", "LIST"), ("NOT_EQUAL", "LIST"), ("DURING", "TIME"))
             for code in ("gap", "tag-conflict", "diff")}
# A list is never missing, and both conditions say the same.
NOT_FOUND |= {("MISSING", "LIST", "gap"), ("MISSING", "LIST", "diff")}


def main():
    sluice, root = sys.argv[1], pathlib.Path(sys.argv[2])
    if "--write" in sys.argv:
        write_all(root / "tests/cases/prove/planted")
    operators = re.findall(r"^EXPRESSION\((\w+),", (root / "grammar/expressions.def").read_text(encoding="utf-8"), re.M)
    types = re.findall(r"^TYPE\((\w+),", (root / "engine/base/types.def").read_text(encoding="utf-8"), re.M)
    kinds = [kind for kind in types if kind != "MISSING"] + ["CHOICE"]
    problems = [f"no sample of {operator}" for operator in operators if operator not in OPERANDS | set(SAMPLES)]
    problems += [f"no constant of type {kind}" for kind in kinds if kind not in CONSTANTS]
    checked = 0
    with tempfile.TemporaryDirectory() as scratch:
        for operator in [] if problems else [operator for operator in operators if operator in SAMPLES]:
            for kind in kinds:
                checked += 1
                planted = (operator, kind) in PLANTED
                if planted != is_allowed(sluice, scratch, operator, kind):
                    problems.append(f"{operator} on {kind}: " + ("is not of the language" if planted else "is not planted"))
                elif planted:
                    problems += problems_of(root, operator, kind)
    unknown = {name_of(*key) for key in PLANTED} ^ {path.name for path in (root / "tests/cases/prove/planted").glob("*")}
    problems += [f"{name}: in the folder or in the table, not in both" for name in sorted(unknown)]
    print(*problems, sep="\n", end="\n" if problems else "")
    print(f"{checked - len(problems)} passed, {len(problems)} failed")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
