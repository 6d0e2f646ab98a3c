"""The prover's verdicts against those of cvc5, an SMT solver with a theory of texts of its own.

Random rule sets of 20 to 60 rules, too large to try every event, are written
twice: as .rules text and as SMT-LIB. Which rules never win, whether some event
finds no rule and whether a changed rule set decides alike must be answered the
same by both. Only what SMT-LIB says exactly is used: `exactly` wherever letters
could differ in case.

usage: second_opinion.py SLUICE [--programs N] [--seed S] [--seconds LIMIT] [--jobs N]
"""

import argparse
import concurrent.futures
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time

FIELDS = {"x.size": "number", "x.score": "number", "x.email": "text", "x.page": "text", "x.vip": "flag",
          "x.plan": "choice", "x.tags": "list"}
CHOICES = ["free", "team", "large"]
TAGS = ["beta", "demo", "late", "spam"]
TEXTS = ["a", "b", "ab", "ba", "c@d.e", ".e", "@", "a/1", "/", "1", "12"]
# As written, and as SMT-LIB says that the text has it somewhere.
PATTERNS = [("^a", '(re.++ (str.to_re "a") re.all)'),
            ("[0-9]$", '(re.++ re.all (re.range "0" "9"))'),
            ("^[a-c]+$", '(re.+ (re.range "a" "c"))'),
            ("a[0-9]+b", '(re.++ re.all (str.to_re "a") (re.+ (re.range "0" "9")) (str.to_re "b") re.all)'),
            ("@[a-z]*[.]e$", '(re.++ re.all (str.to_re "@") (re.* (re.range "a" "z")) (str.to_re ".e"))')]
SECONDS_PER_QUESTION = 10
SKIPPED = 77  # as meson has it


def both(name, test):
    """A test on a field is false where the field is missing."""
    return f"(and |has {name}| {test})"


def any_of(parts):
    return "(or false " + " ".join(parts) + ")"


class Maker:
    """Conditions are pairs: .rules text, SMT-LIB text."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, items):
        return self.random.choice(items)

    def test(self):
        name = self.pick(sorted(FIELDS))
        if FIELDS[name] != "list" and self.random.random() < 0.07:
            return self.pick([(f"{name} is known", f"|has {name}|"), (f"{name} is missing", f"(not |has {name}|)")])
        return getattr(self, FIELDS[name])(name)

    def number(self, name):
        low, high = sorted(self.random.sample(range(0, 40), 2))
        kind = self.pick(["<", "<=", ">", ">=", "is", "is not", "between", "between", "is one of"])
        if kind == "between":
            return f"{name} between {low} and {high}", both(name, f"(<= {low}.0 |{name}| {high}.0)")
        if kind == "is one of":
            equal = any_of([f"(= |{name}| {low}.0)", f"(= |{name}| {high}.0)"])
            return f"{name} is one of [{low}, {high}]", both(name, equal)
        if kind == "is not":
            return f"{name} is not {low}", f"(not {both(name, f'(= |{name}| {low}.0)')})"
        symbol = "=" if kind == "is" else kind
        return f"{name} {kind} {low}", both(name, f"({symbol} |{name}| {low}.0)")

    def text(self, name):
        word, other = self.pick(TEXTS), self.pick(TEXTS)
        kind = self.pick(["is", "starts with", "ends with", "contains", "contains any of", "is one of", "matches", "is not"])
        smt = {"is": lambda text: f'(= |{name}| "{text}")', "starts with": lambda text: f'(str.prefixof "{text}" |{name}|)',
               "ends with": lambda text: f'(str.suffixof "{text}" |{name}|)',
               "contains": lambda text: f'(str.contains |{name}| "{text}")'}
        if kind == "matches":
            written, regular = self.pick(PATTERNS)
            return f"{name} matches exactly /{written}/", both(name, f"(str.in_re |{name}| {regular})")
        if kind.endswith(" of"):
            one = smt["is" if kind == "is one of" else "contains"]
            operator = "is exactly one of" if kind == "is one of" else "contains exactly any of"
            return f'{name} {operator} ["{word}", "{other}"]', both(name, any_of([one(word), one(other)]))
        if kind == "is not":
            return f'{name} is not exactly "{word}"', f"(not {both(name, smt['is'](word))})"
        # Where there is no letter, nothing hangs on `exactly`.
        exactly = "" if not any(letter.isalpha() for letter in word) and self.random.random() < 0.5 else " exactly"
        return f'{name} {kind}{exactly} "{word}"', both(name, smt[kind](word))

    def flag(self, name):
        return self.pick([(name, both(name, f"|{name}|")), (f"{name} is false", both(name, f"(not |{name}|)"))])

    def choice(self, name):
        word = self.pick(CHOICES)
        equal = both(name, f"(= |{name}| {CHOICES.index(word)})")
        return self.pick([(f'{name} is "{word}"', equal), (f'{name} is not "{word}"', f"(not {equal})")])

    def list(self, name):
        one, other = self.random.sample(TAGS, 2)
        has = [f"|{name} {tag}|" for tag in (one, other)]
        return self.pick([(f'{name} has "{one}"', has[0]), (f'{name} has any of ["{one}", "{other}"]', any_of(has)),
                          (f'{name} has all of ["{one}", "{other}"]', f"(and {has[0]} {has[1]})"),
                          (f'{name} has none of ["{one}", "{other}"]', f"(not {any_of(has)})")])

    def condition(self):
        parts = [self.part() for _ in range(self.pick([1, 2, 2, 3, 3, 4]))]
        return " and ".join(rules for rules, _ in parts), "(and true " + " ".join(smt for _, smt in parts) + ")"

    def part(self):
        if self.random.random() < 0.2:
            parts = [self.test(), self.test()]
            return "(" + " or ".join(rules for rules, _ in parts) + ")", any_of([smt for _, smt in parts])
        rules, smt = self.test()
        return (f"not ({rules})", f"(not {smt})") if self.random.random() < 0.1 else (rules, smt)

    def program(self):
        return [(f"R{number}", self.condition(), self.pick("abc")) for number in range(self.random.randint(20, 60))]

    def changed(self, program):
        """After an edit that changes something, or nothing."""
        rules, place = list(program), self.random.randrange(len(program) - 1)
        title, (text, smt), action = rules[place]
        kind = self.pick(["swap", "split", "split", "split", "other", "drop", "condition"])
        if kind == "swap":
            rules[place], rules[place + 1] = rules[place + 1], rules[place]
        elif kind == "split":
            one, one_smt = self.test()
            rules[place:place + 1] = [(title, (f"{text} and ({one})", f"(and {smt} {one_smt})"), action),
                                      (title + "b", (f"{text} and not ({one})", f"(and {smt} (not {one_smt}))"), action)]
        elif kind == "other":
            rules[place] = (title, (text, smt), self.pick("abc"))
        elif kind == "drop":
            del rules[place]
        else:
            rules[place] = (title, self.condition(), action)
        return rules


# ---- as .rules ----

def as_rules(program):
    kinds = {"choice": "choice of " + ", ".join(f'"{word}"' for word in CHOICES), "list": "list of text"}
    lines = [f"field {name} : {kinds.get(kind, kind)}" for name, kind in FIELDS.items()]
    lines.append('ruleset "S" on lead.qualified')
    for title, (text, _), action in program:
        lines.append(f'  rule "{title}"\n    when {text}\n    then record("{action}")')
    return "\n".join(lines) + "\n"


def ask_sluice(sluice, folder, program, after):
    paths = []
    for name, rules in (("old", program), ("new", after)):
        paths.append(os.path.join(folder, f"{name}.rules"))
        with open(paths[-1], "w", encoding="utf-8") as out:
            out.write(as_rules(rules))
    linted = subprocess.run([sluice, "lint", "--json", "--gaps", paths[0]], capture_output=True, check=False)
    compared = subprocess.run([sluice, "diff", "--json", *paths], capture_output=True, check=False)
    if linted.returncode != 0:
        raise SystemExit(f"lint: exit {linted.returncode}: {linted.stderr.decode()}{linted.stdout.decode()}")
    titles = {number: line.split('"')[1] for number, line in enumerate(as_rules(program).split("\n"), 1)
              if line.startswith("  rule ")}
    findings = [json.loads(line) for line in linted.stdout.decode().splitlines()]
    answers = {title: "may win" for title in titles.values()}
    for finding in findings:
        if finding["code"] in ("unreachable-rule", "contradiction", "same-conditions"):
            answers[titles[finding["line"]]] = "never wins"
    codes = {finding["code"] for finding in findings}
    answers["gap"] = "gap" if "gap" in codes else "undecided" if "undecided" in codes else "no gap"
    answers["diff"] = json.loads(compared.stdout)["verdict"]
    return answers


# ---- as SMT-LIB ----

def as_smt(program, after):
    lines = ["(set-option :incremental true)", f"(set-option :tlimit-per {SECONDS_PER_QUESTION * 1000})", "(set-logic ALL)"]
    sorts = {"number": "Real", "text": "String", "flag": "Bool", "choice": "Int"}
    for name, kind in FIELDS.items():
        if kind == "list":
            lines += [f"(declare-const |{name} {tag}| Bool)" for tag in TAGS]
            continue
        lines += [f"(declare-const |has {name}| Bool)", f"(declare-const |{name}| {sorts[kind]})"]
        if kind == "choice":
            lines.append(f"(assert (<= 0 |{name}| {len(CHOICES) - 1}))")
    for side, rules in (("old", program), ("new", after)):
        outcome = "0"
        for place, (_, (_, smt), action) in reversed(list(enumerate(rules))):
            lines.append(f"(define-fun {side}{place} () Bool {smt})")
            outcome = f"(ite {side}{place} {1 + 'abc'.index(action)} {outcome})"
        lines.append(f"(define-fun {side} () Int {outcome})")
    lines += ["(push)", "(assert (distinct old new))", "(check-sat)", "(pop)"]
    for place in range(len(program)):
        lines += ["(push)", f"(assert old{place})", "(check-sat)", "(pop)", f"(assert (not old{place}))"]
    return "\n".join(lines + ["(check-sat)"]) + "\n"


def ask_cvc5(program, after):
    finished = subprocess.run(["cvc5", "--lang=smt2", "-q", "--strings-exp"], input=as_smt(program, after).encode(),
                              capture_output=True, check=False)
    words = finished.stdout.decode().split()
    if len(words) != len(program) + 2 or not set(words) <= {"sat", "unsat", "unknown"}:
        raise SystemExit(f"cvc5: {finished.stdout.decode()[-500:]}{finished.stderr.decode()[-500:]}")
    meaning = {"diff": {"sat": "different", "unsat": "equal"}, "gap": {"sat": "gap", "unsat": "no gap"}}
    asked = ["diff", *(title for title, _, _ in program), "gap"]
    return {name: meaning.get(name, {"sat": "may win", "unsat": "never wins"}).get(word) for name, word in zip(asked, words)}


def check(sluice, seed):
    maker = Maker(seed)
    program = maker.program()
    after = maker.changed(program)
    with tempfile.TemporaryDirectory() as folder:
        ours = ask_sluice(sluice, folder, program, after)
    theirs = ask_cvc5(program, after)
    problems = [f"seed {seed}: {name}: sluice says {ours[name]}, cvc5 {theirs[name]}" for name in theirs
                if theirs[name] is not None and theirs[name] != ours[name]]
    if problems:
        problems.append(as_rules(program) + "changed to\n" + as_rules(after))
    return problems, list(theirs.values())


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sluice")
    parser.add_argument("--programs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, help="begin no further rule set after that long")
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    if shutil.which("cvc5") is None:
        on_debian = shutil.which("dpkg-query") is not None
        print("cvc5 is not there" + (": tools/dev/setup installs it" if on_debian else ", and no package of Debian's: skipped"))
        return 1 if on_debian else SKIPPED
    started, failed, compared, counts = time.monotonic(), 0, 0, {}

    def one(seed):
        late = options.seconds is not None and time.monotonic() - started > options.seconds
        return None if late else check(options.sluice, seed)

    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for answer in pool.map(one, range(options.seed, options.seed + options.programs)):
            if answer is None:
                continue
            compared += 1
            failed += bool(answer[0])
            print(*answer[0], sep="\n", end="\n" if answer[0] else "")
            for verdict in answer[1]:
                counts[verdict or "unknown to cvc5"] = counts.get(verdict or "unknown to cvc5", 0) + 1
    print(", ".join(f"{number} {verdict}" for verdict, number in sorted(counts.items())))
    print(f"{compared - failed} passed, {failed} failed ({time.monotonic() - started:.0f} s, {compared} rule sets)")
    return 1 if failed or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
