"""What the prover says of assertions, held against every event of a small vocabulary.

Random programs with state, allowances, guards, raised events, delays and tags,
and random assertions. What is not reported is proved: then no event may break
it, whatever the states are and whatever is used up, and no random sequence of
events either. What is refuted must be broken by the events that are printed,
from nothing on. The slow interpreter of tests/reference decides.

usage: assertions.py SLUICE [--programs N] [--seed S]
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
from interpret import Context, holds, read_time

CLOCK = 1767607200000
HOUR, DAY = 3600000, 86400000
FIELDS = {
    "a.f": {"type": "flag"}, "a.n": {"type": "number"},
    "contact.id": {"type": "text"}, "conversation.id": {"type": "text"}, "conversation.tags": {"type": "list"},
    "contact.s": {"type": "flag", "entity": "contact.id", "initial": False},
    "contact.m": {"type": "number", "entity": "contact.id", "initial": None},
}
DOMAINS = {"a.f": [None, True, False], "a.n": [None, 0, 1, 2], "contact.id": [None, "1"],
           "conversation.id": ["1"], "contact.s": [None, True, False], "contact.m": [None, 0.0, 1.0, 2.0]}
GROUP = ["x", "y", "z"]


class Maker:
    def __init__(self, seed):
        self.random = random.Random(seed)
        self.tags = seed % 3 == 0
        self.exclusive = self.random.random() < 0.7

    def pick(self, items):
        return self.random.choice(items)

    def chance(self, probability):
        return self.random.random() < probability

    def test(self):
        kind = self.pick(["f", "f", "n", "s", "s", "m", "known", "tags" if self.tags else "n"])
        if kind == "f":
            return ("flag", ("field", "a.f"))
        if kind == "s":
            return ("flag", ("field", "contact.s"))
        if kind == "known":
            return (self.pick(["known", "missing"]), ("field", self.pick(["a.n", "contact.m", "contact.id"])))
        if kind == "tags":
            which = [("literal", tag) for tag in self.random.sample(GROUP, self.pick([1, 2, 3]))]
            return (self.pick(["has any of", "has none of"]), False, [("field", "conversation.tags"), ("list", which)])
        name = "a.n" if kind == "n" else "contact.m"
        return (self.pick(["<", ">=", "is", "is not"]), False,
                [("field", name), ("literal", self.pick([1.0, 2.0]))])

    def condition(self, depth=1):
        if depth and self.chance(0.5):
            kind = self.pick(["and", "and", "or", "not"])
            if kind == "not":
                return ("not", self.condition(depth - 1))
            return (kind, [self.condition(depth - 1) for _ in range(2)])
        return self.test()

    def action(self, raises):
        kind = self.pick(["note", "note", "close", "set", "set", "emit" if raises else "note"] + ["tag"] * 4 * self.tags)
        plain = {"after": 0, "unless": []}
        if kind == "set":
            field, value = self.pick([("contact.s", ("literal", True)), ("contact.s", ("literal", False)),
                                      ("contact.s", ("field", "a.f")), ("contact.m", ("literal", 1.0)),
                                      ("contact.m", ("field", "a.n"))])
            return {"do": "set", "field": field, "value": value, **plain}
        if kind == "emit":
            arguments = [{"name": "a.n", "value": ("literal", 2.0), "each": False}] if self.chance(0.5) else []
            return {"do": "emit", "event": "test.second", "args": arguments, **plain}
        if kind == "tag":
            return {"do": self.pick(["intercom.tag", "intercom.tag", "intercom.untag"]), **plain,
                    "args": [{"name": "tag", "value": ("literal", self.pick(GROUP)), "each": False, "markup": "text"}]}
        if self.chance(0.2):
            plain["after"] = self.pick([HOUR, 2 * DAY])
        if kind == "note":
            return {"do": "intercom.note", **plain,
                    "args": [{"name": "body", "value": ("literal", "x"), "each": False, "markup": "html"}]}
        return {"do": "intercom.close", "args": [], **plain}

    def allowance(self):
        period = self.pick([0, HOUR, DAY, DAY])
        entity = "contact.id" if not period or self.chance(0.8) else None
        return {"count": 1 if period == 0 else self.pick([1, 1, 2]), "period": period, "entity": entity}

    def rule(self, number, raises):
        return {"title": f"R{number}", "when": self.condition() if self.chance(0.9) else None,
                "unless": self.condition(0) if self.chance(0.2) else None,
                "allowances": [self.allowance()] if self.chance(0.4) else [],
                "actions": [self.action(raises) for _ in range(self.pick([1, 1, 2]))]}

    def ruleset(self, title, events):
        raises = events == ["test.first"]
        rules = [self.rule(f"{title}{number}", raises) for number in range(self.pick([1, 2, 3]))]
        if self.chance(0.3):
            rules.append({**self.rule(f"{title}x", raises), "title": "otherwise", "when": None, "unless": None,
                          "allowances": []})
        return {"title": title, "events": events, "rules": rules}

    def guard(self, number):
        return {"title": f"G{number}", "when": self.condition(),
                "masks": [self.pick(["intercom.note", "intercom.*", "intercom.tag", "intercom.untag"])]}

    def program(self):
        events = [["test.first"], self.pick([["test.first"], ["test.second"], ["test.second"]])]
        return {"fields": FIELDS, "lists": {}, "defines": {},
                "guards": [self.guard(number) for number in range(self.pick([0, 1, 1, 2]))],
                "rulesets": [self.ruleset(title, kinds)
                             for title, kinds in zip("ST", events[:self.pick([1, 2, 2])])]}

    def assertion(self):
        kind = self.pick(["never", "at most", "always"] if self.tags else ["never", "never", "at most"])
        when = self.condition() if self.chance(0.8) else None
        if kind == "always":
            return {"kind": kind, "when": when, "events": self.pick([["test.first"], ["test.second"], []])}
        masks = [self.pick(["intercom.note", "intercom.note", "intercom.close", "intercom.*"])]
        if kind == "never":
            return {"kind": kind, "masks": masks, "when": when}
        return {"kind": kind, "masks": masks, "when": None, "count": self.pick([1, 1, 2, 3]),
                "period": self.pick([0, DAY, DAY, 3 * DAY]), "entity": self.pick(["contact", "contact", None])}


def assertion_text(item):
    when = f" when {write.condition(item['when'])}" if item["when"] is not None else ""
    if item["kind"] == "always":
        return f"always one of group g{when}" + (f" on {', '.join(item['events'])}" if item["events"] else "")
    text = f"never {', '.join(item['masks'])}"
    if item["kind"] == "never":
        return text + when
    period = f" per {write.duration(item['period'])}" if item["period"] else ""
    entity = f" per {item['entity'] or 'contact'}" if item["entity"] or not item["period"] else ""
    return f"{text} more than {item['count']}{period}{entity}"


class Watched(decide.Run):
    """Notes what an assertion is about."""

    def __init__(self, program, assertion, exclusive):
        super().__init__(program)
        self.assertion, self.exclusive = assertion, exclusive
        self.asked, self.carried, self.broken = [], set(), False

    def is_about(self, action):
        return action in self.assertion["masks"] or action.split(".")[0] + ".*" in self.assertion["masks"]

    def blocks(self, action, context):
        return any((action in guard["masks"] or action.split(".")[0] + ".*" in guard["masks"])
                   and holds(guard["when"], context) for guard in self.program["guards"])

    def note(self, name, context, delay=0):
        """The action is asked for: unless it is blocked, does it count?"""
        if self.blocks(name, context):
            return False
        when = self.assertion["when"]
        if "masks" in self.assertion and self.is_about(name) and (when is None or holds(when, context)):
            entity = context.values.get("contact.id") if self.assertion.get("entity", "contact") else ""
            self.asked.append((entity, context.clock + delay))
        return True

    def act(self, action, context, raised):
        if action["do"] == "intercom.tag":
            self.tag(action["args"][0]["value"][1], context)
        elif action["do"] == "intercom.untag":
            if self.note("intercom.untag", context):
                self.carried.discard(action["args"][0]["value"][1])
        elif action["do"].startswith("intercom."):
            self.note(action["do"], context, action["after"])
        return super().act(action, context, raised)

    def tag(self, tag, context):
        makes_room = self.exclusive and not self.blocks("intercom.tag", context)
        for other in sorted(self.carried - {tag}) if makes_room else []:
            if self.note("intercom.untag", context):
                self.carried.discard(other)
        if self.note("intercom.tag", context):
            self.carried.add(tag)

    def happens(self, event, clock):
        """Decides the event; afterwards `broken` says whether the assertion is."""
        self.carried = set(event.get("conversation", {}).get("tags") or [])
        values = {name: event.get(name.split(".")[0], {}).get(name.split(".")[1])
                  for name, declared in FIELDS.items() if "entity" not in declared}
        values["conversation.tags"] = values["conversation.tags"] or []
        context = Context(self.program, values, clock, dict(self.states))
        when = self.assertion["when"]
        applies = when is None or holds(when, context)
        self.event(event, clock)
        kind = self.assertion["kind"]
        if kind == "never":
            self.broken = self.broken or bool(self.asked)
        elif kind == "at most":
            self.broken = self.broken or self.too_often()
        else:
            heard = {one for ruleset in self.program["rulesets"] for one in ruleset["events"]}
            about = event["event"] in (self.assertion["events"] or heard)
            self.broken = about and applies and bool(values["conversation.id"]) and len(self.carried) != 1

    def too_often(self):
        period = self.assertion["period"]
        for entity, due in self.asked:
            if entity is None:
                continue
            within = [1 for other, at in self.asked
                      if other == entity and at <= due and (not period or at > due - period)]
            if len(within) > self.assertion["count"]:
                return True
        return False


def event_of(kind, names, values):
    event = {"event": kind, "id": "e"}
    for name, value in zip(names, values):
        if value is not None:
            first, second = name.split(".")
            event.setdefault(first, {})[second] = value
    return event


def all_events(maker, exclusive):
    names = ["a.f", "a.n", "contact.id", "conversation.id"]
    tags = [[]]
    if maker.tags:
        most = 1 if exclusive else 3
        tags = [list(items) for size in range(most + 1) for items in itertools.combinations(GROUP, size)]
    for kind in ("test.first", "test.second"):
        for values in itertools.product(*(DOMAINS[name] for name in names)):
            for carried in tags:
                yield event_of(kind, names + ["conversation.tags"], list(values) + [carried])


def spend(run, maker):
    """Some allowances are used up."""
    for ruleset in run.program["rulesets"]:
        for rule in ruleset["rules"]:
            for allowance in rule["allowances"]:
                if maker.chance(0.5):
                    key = "1" if allowance["entity"] else ""
                    run.spent[ruleset["title"], rule["title"], allowance["entity"], key] = [CLOCK] * allowance["count"]


def breaks_in_one(maker, program, assertion, events):
    """An event that breaks it, whatever came before; None: there is none."""
    for state, number in itertools.product(DOMAINS["contact.s"], DOMAINS["contact.m"]):
        for event in events:
            run = Watched(program, assertion, maker.exclusive)
            for name, value in (("contact.s", state), ("contact.m", number)):
                if value is not None:
                    run.states[name, "1"] = value
            spend(run, maker)
            run.happens(event, CLOCK)
            if run.broken:
                return event
    return None


def breaks_in_sequence(maker, program, assertion, events):
    for _ in range(150):
        run, clock = Watched(program, assertion, maker.exclusive), CLOCK
        happened = []
        for _ in range(6):
            happened.append(maker.pick(events))
            run.happens(happened[-1], clock)
            if run.broken:
                return happened
            clock += maker.pick([0, 0, HOUR, DAY])
    return None


def lint(sluice, folder, text):
    path = os.path.join(folder, "random.rules")
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(text)
    finished = subprocess.run([sluice, "lint", "--json", path], capture_output=True, check=False)
    if finished.returncode not in (0, 1):
        raise SystemExit(f"exit {finished.returncode}: {finished.stderr.decode()}\n{text}")
    return [json.loads(line) for line in finished.stdout.decode().splitlines()]


def check_refuted(maker, program, assertion, finding):
    run = Watched(program, assertion, maker.exclusive)
    for event in finding.get("events") or [finding["event"]]:
        if run.broken:
            return "broken before the last event"
        clock = read_time(event["at"])[1] if "at" in event else CLOCK
        event = {**event, "event": event["event"]}
        run.happens(event, clock)
    return None if run.broken else f"not broken by {json.dumps(finding.get('events') or finding['event'])}"


def check(sluice, folder, seed, counts):
    maker = Maker(seed)
    program = maker.program()
    assertions = [maker.assertion() for _ in range(4)]
    lines = write.program(program).split("\n")
    lines.insert(2, f"group g {'exclusive ' if maker.exclusive else ''}is {', '.join(map(write.string, GROUP))}")
    text = "\n".join(lines) + "\n" + "\n".join(map(assertion_text, assertions)) + "\n"
    first = text.count("\n") - len(assertions) + 1
    findings = lint(sluice, folder, text)
    errors = [item for item in findings if item["severity"] == "error" and item["code"] != "broken-assertion"]
    if errors:
        return [f"not a program: {errors}"], text
    events = list(all_events(maker, maker.exclusive))
    problems = []
    for number, assertion in enumerate(assertions):
        said = [item for item in findings if item["line"] == first + number
                and item["code"] in ("broken-assertion", "undecided")]
        verdict = said[0]["code"] if said else "proved"
        key = f"{assertion['kind']} {verdict}"
        counts[key] = counts.get(key, 0) + 1
        if verdict == "broken-assertion":
            counts["by several events"] = counts.get("by several events", 0) + ("events" in said[0])
            wrong = check_refuted(maker, program, assertion, said[0])
            if wrong:
                problems.append(f"{assertion_text(assertion)}: {wrong}")
            continue
        found = None
        if assertion["kind"] != "at most":
            found = breaks_in_one(maker, program, assertion, events) if verdict == "proved" else None
        found = found or breaks_in_sequence(maker, program, assertion, events)
        if found and verdict == "proved":
            problems.append(f"{assertion_text(assertion)}: proved, but broken by {found}")
        elif found:
            counts["undecided, though a sequence breaks it"] = counts.get("undecided, though a sequence breaks it", 0) + 1
    return problems, text


MUST_SEE = ["always broken-assertion", "at most broken-assertion", "at most proved", "by several events",
            "never broken-assertion", "never proved"]

if __name__ == "__main__":
    sys.exit(random_programs.run(check, 150, MUST_SEE))
