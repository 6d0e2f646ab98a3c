"""What the linter claims of guards and allowances, held against every event of a small vocabulary.

As soundness.py, with guards, actions that they block, and allowances with
random histories of wins: an action that is said to be always blocked is never
taken, a guard that is said to be idle never blocks, and an allowance that is
said to limit nothing can be left out.

usage: guarded.py SLUICE [--programs N] [--seed S]
"""

import itertools
import random
import sys

import random_programs
import soundness
from soundness import CLOCK, HOUR

import decide
import write

FIELDS = {**soundness.FIELDS, "a.id": {"type": "text"}}
ACTIONS = ["intercom.tag", "intercom.untag", "record"]
MASKS = [["intercom.tag"], ["intercom.untag"], ["intercom.tag", "intercom.untag"], ["intercom.*"]]
HISTORIES = 4  # for each event


class Maker(soundness.Maker):
    def __init__(self, seed):
        super().__init__(seed)
        if len(self.names) == 3:
            self.names.pop()

    def action(self):
        do = self.pick(ACTIONS)
        name, value = ("why", self.pick(["one", "two"])) if do == "record" else ("tag", self.pick(["x", "y"]))
        return {"do": do, "args": [{"name": name, "value": ("literal", value), "each": False}], "after": 0, "unless": []}

    def allowance(self):
        period = self.pick([0, HOUR, 2 * HOUR])
        return {"count": 1 if period == 0 else self.pick([1, 2]), "period": period,
                "entity": "a.id" if period == 0 else self.pick(["a.id", None])}

    def rule(self, number):
        actions = [self.action() for _ in range(self.pick([1, 1, 2]))]
        allowances = [self.allowance() for _ in range(self.pick([0, 0, 0, 1, 2]))]
        return {**super().rule(number), "actions": actions, "allowances": allowances}

    def condition(self, depth=2):
        if self.random.random() < 0.08:
            return (self.pick(["known", "missing"]), ("field", "a.id"))
        return super().condition(depth)

    def program(self):
        guards = [{"title": f"G{number}", "when": self.condition(1), "masks": self.pick(MASKS)}
                  for number in range(self.pick([1, 2, 3]))]
        rules = [self.rule(number) for number in range(self.pick([2, 3, 4]))]
        if self.random.random() < 0.4:  # a rule that a guard may wholly stop
            rules[0]["when"] = ("and", [guards[0]["when"], self.test()])
        return {"fields": FIELDS, "lists": {}, "defines": {}, "guards": guards,
                "rulesets": [{"title": "S", "events": ["test.first"], "rules": rules}]}

    def history(self, program):
        """Wins that happened before: rule, when, whose."""
        return [(rule, CLOCK - self.pick([0, HOUR // 2, HOUR, 3 * HOUR]), self.pick(["1", "2"]))
                for rule in program["rulesets"][0]["rules"] if rule["allowances"]
                for _ in range(self.pick([0, 0, 1, 2, 3]))]


def decided(program, event, history):
    run = decide.Run(program)
    for rule, at, key in history:
        entities = {allowance["entity"] for allowance in rule["allowances"]}
        for entity in entities:
            run.spent.setdefault(("S", rule["title"], entity, key if entity else ""), []).append(at)
    return run.event(event, CLOCK)[0]


def places_of(text):
    """What stands on each line: ("guard", title), ("rule", title), ("allowance" or "action", title, number)."""
    places, title, counts = {}, None, {}
    for number, line in enumerate(text.split("\n"), 1):
        if line.startswith("guard "):
            places[number] = ("guard", line.split('"')[1])
        elif line.startswith("  rule "):
            title, counts = line.split('"')[1], {"allowance": 0, "action": 0}
            places[number] = ("rule", title)
        elif line.startswith(("    once per", "    at most", "    then ", "         ")) and title is not None:
            kind = "allowance" if line.startswith(("    once", "    at")) else "action"
            places[number] = (kind, title, counts[kind])
            counts[kind] += 1
    return places


def without_allowances(program, title, number):
    """The program without one of the rule's allowances, or (None) without all of them."""
    rules = [rule if rule["title"] != title else
             {**rule, "allowances": [] if number is None else
              [one for place, one in enumerate(rule["allowances"]) if place != number]}
             for rule in program["rulesets"][0]["rules"]]
    return {**program, "rulesets": [{**program["rulesets"][0], "rules": rules}]}


def contradictions(finding, place, program, situations):
    """The events that say otherwise."""
    code = finding["code"]
    for event, history, result in situations:
        blocked = [action.get("blocked_by") for action in result["actions"]]
        wins = result["rule"] == place[1]
        if code == "always-blocked" and wins and (None in blocked if place[0] == "rule" else blocked[place[2]] is None):
            yield event
        elif code == "idle-guard" and place[1] in blocked:
            yield event
        elif code == "idle-allowance":
            number = None if finding["message"].startswith("this limits nothing") else place[2]
            other = decided(without_allowances(program, place[1], number), event, history)
            if other["actions"] != result["actions"]:
                yield event


def check(sluice, folder, seed, counts):
    maker = Maker(seed)
    program = maker.program()
    text = write.program(program)
    findings = [finding for finding in soundness.lint(sluice, folder, text)
                if finding["code"] in ("always-blocked", "idle-guard", "idle-allowance")]
    for finding in findings:
        counts[finding["code"]] = counts.get(finding["code"], 0) + 1
    if not findings:
        return [], text
    domains = [soundness.domain(FIELDS[name]["type"]) for name in maker.names]
    events = [soundness.event_of([*maker.names, "a.id"], values)
              for values in itertools.product(*domains, [None, "1"])]
    situations = [(event, history, decided(program, event, history))
                  for event in events for history in [[], *(maker.history(program) for _ in range(HISTORIES - 1))]]
    places = places_of(text)
    problems = []
    for finding in findings:
        wrong = next(contradictions(finding, places[finding["line"]], program, situations), None)
        if wrong is not None:
            problems.append(f"{finding['code']} of {places[finding['line']]}: {wrong} says otherwise")
    return problems, text


MUST_SEE = ["always-blocked", "idle-allowance", "idle-guard"]

if __name__ == "__main__":
    sys.exit(random_programs.run(check, 150, MUST_SEE))
