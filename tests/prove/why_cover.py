"""`sluice why` and `sluice cover`, held against every event of a small vocabulary.

Random rule sets as in soundness.py. What `why` says makes a rule win must do so
for the slow interpreter of tests/reference, and no event of the vocabulary that
differs in fewer fields may; each block that `cover` makes must pass and say what
the interpreter says; each change that `cover --mutate` shows must be real.

usage: why_cover.py SLUICE [--programs N] [--seed S]
"""

import json
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import random_programs
import soundness
import write


def run(*command):
    finished = subprocess.run(command, capture_output=True, check=False)
    if finished.returncode not in (0, 1):
        raise SystemExit(f"{command}: exit {finished.returncode}: {finished.stderr.decode()}")
    return finished


def distance(left, right):
    """How many fields differ; an empty list is as none."""
    value = lambda event, name: None if event["a"].get(name) == [] else event["a"].get(name)
    return sum(value(left, name) != value(right, name) for name in set(left["a"]) | set(right["a"]))


def check_change(answer, event, truth, title):
    problems = []
    changed = {"a": {}, **answer["changed"]}
    if truth.decide(changed)["rule"] != title:
        problems.append(f"why: {changed} does not make {title} win, from {event}")
    if any(change.get("of", "event") != "event" for change in answer["changes"]):
        problems.append(f"why: {answer['changes']}")
    if not answer["smallest"]:
        return problems
    for other, winner in zip(truth.events, truth.winners):
        if winner["rule"] == title and distance(event, other) < len(answer["changes"]):
            problems.append(f"why: from {event}, {other} is fewer changes than {answer['changes']}")
            break
    if len(answer["changes"]) == 1 and answer["changes"][0]["field"] in ("a.n", "a.m"):
        problems += check_nearest(answer["changes"][0], event, truth, title)
    return problems


def check_nearest(change, event, truth, title):
    """No whole number of the vocabulary that would do is nearer."""
    name = change["field"].split(".")[1]
    if change["from"] is None or change["to"] is None:
        return []
    for other, winner in zip(truth.events, truth.winners):
        value = other["a"].get(name)
        if winner["rule"] == title and distance(event, other) == 1 and value is not None and value == int(value) and \
                value != change["from"] and abs(value - change["from"]) < abs(change["to"] - change["from"]):
            return [f"why: from {event}, {value} is nearer than {change}"]
    return []


def check_why(sluice, path, maker, truth, rules, counts):
    problems = []
    events = [maker.pick(truth.events) for _ in range(4)]
    with open(path + ".ndjson", "w", encoding="utf-8") as out:
        out.writelines(json.dumps(event) + "\n" for event in events)
    for rule in rules:
        title = rule["title"]
        finished = run(sluice, "why", path, "--rule", title, "--events", path + ".ndjson", "--json")
        answers = [json.loads(line) for line in finished.stdout.decode().splitlines()]
        for event, answer in zip(events, answers, strict=True):
            winner = truth.decide(event)["rule"]
            verdict = "wins" if answer["wins"] else answer["verdict"]
            counts["why: " + verdict] = counts.get("why: " + verdict, 0) + 1
            if (answer["wins"], answer["winner"]) != (winner == title, winner):
                problems.append(f"why: {event} is won by {winner}, not {answer['winner']}")
            if verdict == "never" and any(other["rule"] == title for other in truth.winners):
                problems.append(f"why: {title} is said never to win")
            if verdict == "change":
                problems += check_change(answer, event, truth, title)
    return problems


def check_cover(sluice, path, truth, counts):
    problems = []
    made = [json.loads(line) for line in run(sluice, "cover", "--json", path).stdout.decode().splitlines()]
    for test in made:
        counts["cover: tests"] = counts.get("cover: tests", 0) + 1
        winner = truth.decide({"a": {}, **test["event"]})["rule"]
        if winner != test["rule"]:
            problems.append(f"cover: {test['title']}: {test['event']} is won by {winner}")
    missing = {winner["rule"] for winner in truth.winners} - {test["rule"] for test in made}
    if missing - {None}:
        problems.append(f"cover: no test for {missing}")
    text = run(sluice, "cover", path).stdout
    tests = path.replace(".rules", "-made.rules")
    with open(tests, "wb") as out:
        out.write(text)
    ran = run(sluice, "test", path, tests)
    if ran.returncode != 0:
        problems.append("cover: " + ran.stdout.decode())
    if run(sluice, "fmt", "--check", tests).returncode != 0:
        problems.append("cover: not in the one layout")
    if run(sluice, "cover", path, tests).stdout:
        problems.append("cover: made again what is there: " + run(sluice, "cover", path, tests).stdout.decode())
    mutated = run(sluice, "cover", "--mutate", "--json", path, tests)
    *shown, summary = [json.loads(line) for line in mutated.stdout.decode().splitlines()]
    for name in ("noticed", "equal", "different", "undecided"):
        counts["mutate: " + name] = counts.get("mutate: " + name, 0) + summary[name]
    for change in shown:
        if change["verdict"] == "different":
            winner = truth.decide({"a": {}, **change["event"]})
            if winner["rule"] != change["old"]["rule"] or change["old"]["actions"] == change["new"]["actions"]:
                problems.append(f"mutate: {change}")
    if mutated.returncode != (1 if shown else 0):
        problems.append(f"mutate: exit {mutated.returncode}")
    return problems


def check(sluice, folder, seed, counts):
    maker = soundness.Maker(seed)
    program = maker.program()
    text = write.program(program)
    path = os.path.join(folder, "random.rules")
    with open(path, "w", encoding="utf-8", newline="") as out:
        out.write(text)
    truth = soundness.Truth(program, maker.names)
    problems = check_why(sluice, path, maker, truth, program["rulesets"][0]["rules"], counts)
    return problems + check_cover(sluice, path, truth, counts), text


MUST_SEE = ["cover: tests", "mutate: different", "mutate: equal", "mutate: noticed", "why: change", "why: never",
            "why: wins"]

if __name__ == "__main__":
    sys.exit(random_programs.run(check, 100, MUST_SEE))
