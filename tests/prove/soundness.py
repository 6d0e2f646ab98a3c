"""What the prover claims, held against every event of a small vocabulary.

Random rule sets read at most three fields, whose values are few; every
combination of them is decided by the slow interpreter of tests/reference. A
rule that can never win must not win there, a ruleset without a gap must have a
rule for each event, and every event that is printed must do what is claimed.

usage: soundness.py SLUICE [--programs N] [--seed S]
"""

import itertools
import json
import os
import random
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "reference"))

import decide
import random_programs
import write

CLOCK = 1767607200000
HOUR = 3600000
FIELDS = {
    "a.n": {"type": "number"}, "a.m": {"type": "number"}, "a.t": {"type": "text"}, "a.u": {"type": "text"},
    "a.f": {"type": "flag"}, "a.c": {"type": "choice", "choices": ["open", "Closed", "hold"]},
    "a.l": {"type": "list"}, "a.w": {"type": "time"},
}
NUMBERS = [1.0, 2.0, 2.5]
TEXTS = ["a", "b", "ab", "A", "aB", "1"]
LETTERS = "abA1"
PATTERNS = [("char", "a"), ("seq", [("start",), ("char", "a")]), ("seq", [("char", "b"), ("end",)]),
            ("seq", [("start",), ("repeat", ("class", False, [("a", "b")]), 1, None), ("end",)]),
            ("repeat", ("escape", "d"), 1, None), ("seq", [("any",), ("any",)])]
DURATIONS = [HOUR, 2 * HOUR]


def domain(kind):
    """Every value that rules over this vocabulary can tell apart, and a few more."""
    if kind == "number":
        return [None, 0, 1, 1.5, 2, 2.25, 2.5, 3]
    if kind == "text":
        words = ["".join(letters) for length in range(4) for letters in itertools.product(LETTERS, repeat=length)]
        return [None, *words]
    if kind == "flag":
        return [None, True, False]
    if kind == "choice":
        return [None, "open", "Closed", "hold"]
    if kind == "list":
        return [list(items) for size in range(4) for items in itertools.combinations(["a", "A", "b"], size)]
    hours = [-1, 0, 0.5, 1, 1.5, 2, 3]
    return [None] + [(CLOCK - int(hour * HOUR)) / 1000 for hour in hours]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.names = self.random.sample(sorted(FIELDS), self.random.choice([1, 2, 2, 3]))
        if sum(FIELDS[name]["type"] == "text" for name in self.names) == 2:
            self.names.remove("a.u")

    def pick(self, items):
        return self.random.choice(items)

    def test(self):
        name = self.pick(self.names)
        field, kind = ("field", name), FIELDS[name]["type"]
        if self.random.random() < 0.12:
            return (self.pick(["known", "missing"]), field)
        return getattr(self, kind)(field)

    def number(self, field):
        kind = self.pick(["<", "<=", ">", ">=", "is", "is not", "between", "is one of", "is not one of"])
        literal = lambda: ("literal", self.pick(NUMBERS))
        if kind == "between":
            return (kind, False, [field, literal(), literal()])
        return (kind, False, [field, ("list", [literal(), literal()]) if "one of" in kind else literal()])

    def text(self, field):
        kind = self.pick(["is", "is not", "is one of", "is not one of", "contains", "starts with", "ends with",
                          "contains any of", "matches"])
        exactly = self.random.random() < 0.3
        literal = lambda: ("literal", self.pick(TEXTS))
        if kind == "matches":
            return (kind, (self.pick(PATTERNS), exactly), [field])
        return (kind, exactly, [field, ("list", [literal(), literal()]) if kind.endswith("of") else literal()])

    def flag(self, field):
        return ("flag", field) if self.random.random() < 0.5 else ("is", False, [field, ("literal", self.pick([True, False]))])

    def choice(self, field):
        literal = lambda: ("literal", self.pick(["open", "OPEN", "closed", "hold"]))
        if self.random.random() < 0.3:
            return (self.pick(["contains", "starts with"]), False, [field, ("literal", self.pick(["o", "c"]))])
        return (self.pick(["is", "is not"]), False, [field, literal()])

    def list(self, field):
        kind = self.pick(["has", "has any of", "has all of", "has none of"])
        literal = lambda: ("literal", self.pick(["a", "A", "b"]))
        right = literal() if kind == "has" else ("list", [literal(), literal()])
        return (kind, self.random.random() < 0.3, [field, right])

    def time(self, field):
        if self.random.random() < 0.6:
            kind = self.pick(["is within", "is older than", "is not within"])
            return (kind, False, [field, ("literal", ("duration", float(self.pick(DURATIONS))))])
        moment = ("literal", ("time", float(CLOCK - self.pick([0, HOUR, 2 * HOUR]))))
        return (self.pick(["<", "<=", ">", ">="]), False, [field, moment])

    def condition(self, depth=2):
        if depth and self.random.random() < 0.55:
            kind = self.pick(["and", "and", "or", "not"])
            if kind == "not":
                return ("not", self.condition(depth - 1))
            return (kind, [self.condition(depth - 1) for _ in range(self.pick([2, 2, 3]))])
        return self.test()

    def rule(self, number):
        why = self.pick(["one", "two", "three"])
        return {"title": f"R{number}", "when": self.condition(),
                "unless": self.condition(1) if self.random.random() < 0.15 else None, "allowances": [],
                "actions": [{"do": "record", "args": [{"name": "why", "value": ("literal", why), "each": False}],
                             "after": 0, "unless": []}]}

    def program(self):
        rules = [self.rule(number) for number in range(self.pick([1, 2, 3, 4, 6, 8]))]
        return {"fields": FIELDS, "lists": {}, "defines": {}, "guards": [],
                "rulesets": [{"title": "S", "events": ["test.first"], "rules": rules}]}


def event_of(names, values):
    inner = {name.split(".")[1]: value for name, value in zip(names, values) if value is not None}
    return {"event": "test.first", "id": "e", "at": CLOCK // 1000, "a": inner}


def lint(sluice, folder, text, *options):
    path = os.path.join(folder, "random.rules")
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(text)
    finished = subprocess.run([sluice, "lint", "--json", *options, path], capture_output=True, check=False)
    if finished.returncode not in (0, 1):
        raise SystemExit(f"exit {finished.returncode}: {finished.stderr.decode()}\n{text}")
    return [json.loads(line) for line in finished.stdout.decode().splitlines()]


class Truth:
    """Who wins each event, by the interpreter."""

    def __init__(self, program, names):
        self.program = program
        self.events = [event_of(names, values)
                       for values in itertools.product(*(domain(FIELDS[name]["type"]) for name in names))]
        self.winners = [self.decide(event) for event in self.events]

    def decide(self, event, program=None):
        clock = decide_clock(event)
        return decide.Run(program or self.program).event(event, clock)[0]


def decide_clock(event):
    at = event.get("at", CLOCK // 1000)
    return decide_time(at) if isinstance(at, str) else at * 1000


def decide_time(text):
    from interpret import read_time
    return read_time(text)[1]


def titles_by_line(text):
    found = {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("  rule "):
            found[number] = line.split('"')[1]
    return found


def changed(maker, program):
    """The program after an edit: harmless or not, nobody says."""
    rules = list(program["rulesets"][0]["rules"])
    for _ in range(maker.pick([1, 1, 2])):
        kind, place = maker.pick(["swap", "drop", "add", "condition", "split"]), maker.random.randrange(len(rules) or 1)
        if kind == "swap" and place + 1 < len(rules):
            rules[place], rules[place + 1] = rules[place + 1], rules[place]
        elif kind == "drop" and rules:
            del rules[place]
        elif kind == "add":
            rules.insert(place, {**maker.rule(0), "title": f"N{len(rules)}"})
        elif kind == "condition" and rules:
            rules[place] = {**rules[place], "when": maker.condition()}
        elif kind == "split" and rules:
            test = maker.test()
            for part, word in ((test, "yes"), (("not", test), "no")):
                rules.insert(place, {**rules[place], "title": rules[place]["title"] + word,
                                     "when": ("and", [rules[place]["when"], part])})
            del rules[place + 2]
    titles = [rule["title"] for rule in rules]
    rules = [rule for index, rule in enumerate(rules) if titles.index(rule["title"]) == index]
    return {**program, "rulesets": [{**program["rulesets"][0], "rules": rules}]}


def check_diff(sluice, folder, maker, program, truth, counts):
    after = changed(maker, program)
    paths = []
    for name, tree in (("old.rules", program), ("new.rules", after)):
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "w", encoding="utf-8", newline="") as out:
            out.write(write.program(tree))
    finished = subprocess.run([sluice, "diff", "--json", *paths], capture_output=True, check=False)
    answer = json.loads(finished.stdout)
    counts[answer["verdict"]] = counts.get(answer["verdict"], 0) + 1
    differing = [event for event, winner in zip(truth.events, truth.winners)
                 if winner["actions"] != truth.decide(event, after)["actions"]]
    problems = []
    if answer["verdict"] == "equal" and differing:
        problems.append(f"diff: equal, but {differing[0]} is decided differently")
    for change in answer["changes"]:
        old, new = truth.decide(change["event"]), truth.decide(change["event"], after)
        if old["actions"] == new["actions"]:
            problems.append(f"diff: {change['event']} is decided the same")
        if (old["rule"], new["rule"]) != (change["old"]["rule"], change["new"]["rule"]):
            problems.append(f"diff: {change['event']} is decided by {old['rule']} and {new['rule']}")
    if answer["verdict"] == "different" and not answer.get("more"):
        shown = {(change["old"]["rule"], change["new"]["rule"]) for change in answer["changes"]}
        for event in differing:
            if (truth.decide(event)["rule"], truth.decide(event, after)["rule"]) not in shown:
                problems.append(f"diff: {event} is a kind of change that is not shown")
                break
    if problems:
        problems.append(write.program(after))
    return problems


def check(sluice, folder, seed, counts):
    maker = Maker(seed)
    program = maker.program()
    text = write.program(program)
    findings = lint(sluice, folder, text, "--gaps", "--explain", "R0")
    truth = Truth(program, maker.names)
    titles = titles_by_line(text)
    wins = {winner["rule"] for winner in truth.winners}
    problems = []
    never, gap, undecided = set(), False, False
    for finding in findings:
        code = finding["code"]
        title = titles.get(finding["line"])
        counts[code] = counts.get(code, 0) + 1
        if code in ("unreachable-rule", "contradiction", "same-conditions"):
            never.add(title)
            if title in wins:
                problems.append(f"{code}: {title} wins")
        elif code == "gap":
            gap = True
            if truth.decide(finding["event"])["rule"] is not None:
                problems.append(f"gap: {finding['event']} finds a rule")
        elif code == "explanation" and "event" in finding:
            if truth.decide(finding["event"])["rule"] != title:
                problems.append(f"explanation: {finding['event']} does not reach {title}")
        elif code == "redundant-rule":
            rules = [rule for rule in program["rulesets"][0]["rules"] if rule["title"] != title]
            without = {**program, "rulesets": [{**program["rulesets"][0], "rules": rules}]}
            for event, winner in zip(truth.events, truth.winners):
                if winner["actions"] != truth.decide(event, without)["actions"]:
                    problems.append(f"redundant-rule: without {title}, {event} is decided differently")
                    break
        elif code == "undecided":
            undecided = True
        for because in finding.get("because", []) if code == "unreachable-rule" else []:
            if because not in titles.values():
                problems.append(f"because names {because}")
    if not gap and not undecided and None in wins:
        problems.append("no gap is reported, and there is one")
    # The other way round: the vocabulary is large enough to show nearly every rule.
    missed = {rule["title"] for rule in program["rulesets"][0]["rules"]} - wins - never
    counts["not shown by the vocabulary"] = counts.get("not shown by the vocabulary", 0) + len(missed)
    problems += check_diff(sluice, folder, maker, program, truth, counts)
    return problems, text


MUST_SEE = ["always-true", "contradiction", "different", "equal", "explanation", "gap", "redundant-rule",
            "unreachable-rule"]

if __name__ == "__main__":
    sys.exit(random_programs.run(check, 150, MUST_SEE))
