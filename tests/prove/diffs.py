"""What sluice diff says of programs with state, allowances, look-ups, guards and groups of tags.

Random programs and random edits of their guards, groups, rules and conditions.
"equal" must hold for every event of a small vocabulary under every state, with
allowances used up at random; every change that is printed must be one, where
the states and allowances are as it says. The slow interpreter decides.

usage: diffs.py SLUICE [--programs N] [--seed S]
"""

import itertools
import json
import os
import re
import subprocess
import sys

import assertions
import random_programs
import write
from assertions import CLOCK, DAY, DOMAINS, GROUP, HOUR, Maker

NEVER = 5000 * DAY  # longer than any period


class Seen(assertions.Watched):
    """What is done, whoever stopped it and whatever made room for it."""

    def __init__(self, program, groups):
        super().__init__(program, {"kind": "never", "masks": [], "when": None}, False)
        self.groups, self.done = groups, []

    def note(self, name, context, delay=0):
        blocked = self.blocks(name, context)
        self.done.append((self.frame, name, self.shown_tag, blocked))
        return not blocked

    def decide(self, ruleset, context, raised):
        self.frame, self.shown_tag = ruleset["title"], None
        decision = super().decide(ruleset, context, raised)
        plain = [{key: value for key, value in action.items() if key != "blocked_by"}
                 for action in decision["actions"]]
        spends = [rule["title"] for rule in ruleset["rules"] if rule["title"] == decision["rule"] and rule["allowances"]]
        self.done.append((ruleset["title"], plain, spends))
        return decision

    def act(self, action, context, raised):
        self.shown_tag = None
        if action["do"] == "intercom.untag":
            self.shown_tag = action["args"][0]["value"][1]
        return super().act(action, context, raised)

    def tag(self, tag, context):
        for other in sorted(self.carried - {tag}) if not self.blocks("intercom.tag", context) else []:
            if any(tag in group and other in group for group in self.groups):
                self.shown_tag = other
                if self.note("intercom.untag", context):
                    self.carried.discard(other)
        self.shown_tag = tag
        if self.note("intercom.tag", context):
            self.carried.add(tag)


def outcome(program, groups, event, states, spent):
    run = Seen(program, groups)
    run.states.update(states)
    run.spent.update({key: list(times) for key, times in spent.items()})
    run.happens(event, CLOCK)
    return run.done


def groups_of(maker):
    return maker.pick([[], [GROUP], [GROUP[:2]], [GROUP[1:]], [list(reversed(GROUP))]])


def changed(maker, program, groups):
    after = {**program, "guards": list(program["guards"]),
             "rulesets": [{**one, "rules": list(one["rules"])} for one in program["rulesets"]]}
    kind = maker.pick(["guard", "guard", "drop guard", "same guard", "groups", "groups", "rule", "split", "nothing",
                       "allowance", "allowance"])
    if kind == "guard":
        after["guards"].append(maker.guard(7))
    elif kind == "drop guard" and after["guards"]:
        del after["guards"][0]
    elif kind == "same guard" and after["guards"]:
        guard = after["guards"].pop(0)
        test = maker.test()
        after["guards"] += [{**guard, "title": "H1", "when": ("and", [guard["when"], test])},
                            {**guard, "title": "H2", "when": ("and", [guard["when"], ("not", test)])}]
    elif kind == "groups":
        groups = groups_of(maker)
    rules = after["rulesets"][0]["rules"]
    if kind == "rule":
        rules[0] = {**maker.rule("n", False), "title": rules[0]["title"], "allowances": rules[0]["allowances"]}
    elif kind == "split" and rules[0]["when"] is not None and not rules[0]["allowances"]:
        test = maker.test()
        rules[0:1] = [{**rules[0], "title": "Yes", "when": ("and", [rules[0]["when"], test])},
                      {**rules[0], "title": "No", "when": ("and", [rules[0]["when"], ("not", test)])}]
    if kind == "allowance":
        rules[0] = {**rules[0], "allowances": [{**one, "count": maker.pick([1, 2, 3]),
                                                "period": maker.pick([0, HOUR, DAY, 2 * DAY]) if one["entity"] else DAY}
                                               for one in rules[0]["allowances"] or [maker.allowance()]]}
        if maker.chance(0.3):
            rules[0]["allowances"].append(maker.allowance())
    return after, groups


def text_of(program, groups):
    lines = write.program(program).split("\n")
    for number, group in enumerate(groups):
        lines.insert(2, f"group g{number} exclusive is {', '.join(map(write.string, group))}")
    return "\n".join(lines) + "\n"


SAID = re.compile(r'"([^"]+)" has won (?:once|(\d+) times)(?: within (\d+) (hour|day)s?)?(?: for this (\w+))?')


def read_where(where, program):
    """States and wins that a change names: as early as the longest period that counts them lets."""
    states, spent = {}, {}
    for name, value in re.findall(r"(contact\.[sm]) is ([^,]+)", where):
        states[name, "1"] = {"true": True, "false": False}.get(value) if value in ("true", "false") else float(value)
    said = []
    for title, times, length, unit, entity in SAID.findall(where):
        period = int(length) * {"hour": HOUR, "day": DAY}[unit] if length else NEVER
        said.append((period, title, entity, int(times or 1)))
    for period, title, entity, count in sorted(said):
        for ruleset in program["rulesets"]:
            if title in [rule["title"] for rule in ruleset["rules"]]:
                key = (ruleset["title"], title, f"{entity}.id" if entity else None, "1" if entity else "")
                times = spent.setdefault(key, [])
                times += [CLOCK - period + 1] * (count - len(times))
    return states, spent


def random_wins(maker):
    return [CLOCK - maker.pick([0, HOUR, HOUR + 1, DAY, DAY - 1, 2 * DAY, NEVER]) for _ in range(maker.pick([0, 1, 2, 3, 9]))]


def check(sluice, folder, seed, counts):
    maker = Maker(seed)
    program, groups = maker.program(), groups_of(maker)
    after, new_groups = changed(maker, program, groups)
    texts, paths = [text_of(program, groups), text_of(after, new_groups)], []
    for name, text in zip(("old.rules", "new.rules"), texts):
        paths.append(os.path.join(folder, name))
        with open(paths[-1], "w", encoding="utf-8", newline="") as out:
            out.write(text)
    finished = subprocess.run([sluice, "diff", "--json", *paths], capture_output=True, check=False)
    if not finished.stdout:
        return [f"exit {finished.returncode}: {finished.stderr.decode()}"], "\n".join(texts)
    answer = json.loads(finished.stdout)
    counts[answer["verdict"]] = counts.get(answer["verdict"], 0) + 1
    if [rule["allowances"] for rule in program["rulesets"][0]["rules"]] != \
            [rule["allowances"] for rule in after["rulesets"][0]["rules"]]:
        key = "allowances: " + answer["verdict"]
        counts[key] = counts.get(key, 0) + 1
    if answer["verdict"] == "undecided":
        key = "undecided: " + answer["reason"]
        counts[key] = counts.get(key, 0) + 1
    problems = []
    if answer["verdict"] == "equal":
        allowances = {(ruleset["title"], rule["title"], one["entity"], "1" if one["entity"] else "")
                      for tree in (program, after) for ruleset in tree["rulesets"] for rule in ruleset["rules"]
                      for one in rule["allowances"]}
        for event in assertions.all_events(maker, False):
            for state, number in itertools.product(DOMAINS["contact.s"], DOMAINS["contact.m"]):
                states = {(name, "1"): value for name, value in (("contact.s", state), ("contact.m", number))
                          if value is not None}
                spent = {key: random_wins(maker) for key in sorted(allowances, key=str)}
                if outcome(program, groups, event, states, spent) != outcome(after, new_groups, event, states, spent):
                    problems.append(f"equal, but {event} is decided differently where {states}, {spent}")
                    break
            if problems:
                break
    for change in answer["changes"]:
        states, spent = read_where(change.get("where", ""), program)
        spent.update(read_where(change.get("where", ""), after)[1])
        if outcome(program, groups, change["event"], states, spent) == \
                outcome(after, new_groups, change["event"], states, spent):
            problems.append(f"{change['event']} is decided the same where {change.get('where', 'nothing')}")
    return problems, "\n".join(texts)


MUST_SEE = ["different", "equal", "allowances: different", "allowances: equal"]

if __name__ == "__main__":
    sys.exit(random_programs.run(check, 150, MUST_SEE))
