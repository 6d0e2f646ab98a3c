"""Random programs on random events: `sluice run --json` against the slow interpreter.

With --without-index the interpreter is left out: the same program decides with and
without its indexes, also with as many rules as fill a word of bits, a word of words,
and one more or less; that is fast enough for half a million decisions.

usage: compare.py SLUICE [--without-index SLUICE] [--decisions N] [--seed S] [--events PER_PROGRAM]
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import decide
import generate
import write


def expected_decisions(program, events):
    run = decide.Run(program)
    return [run.event(event, event["at"] * 1000) for event in events]


def simplified(action):
    """One printed action, without what the interpreter does not model."""
    shown = {"do": action["do"]}
    for member in ("args", "after", "unless", "blocked_by", "event"):
        if member in action:
            shown[member] = action[member]
    if action["do"] == "set":
        return {"do": "set", "field": action["field"], "value": action["args"].get("value"), "key": action["entity"]}
    return shown


def actual_decisions(line):
    result = json.loads(line, parse_int=float)  # a number is a double, however it is spelled
    if "decisions" not in result:
        return result
    return [{"ruleset": decision["ruleset"], "rule": decision["rule"],
             "actions": [simplified(action) for action in decision["actions"]]} for decision in result["decisions"]]


def run_sluice(sluice, folder, program_text, events):
    rules = os.path.join(folder, "random.rules")
    with open(rules, "w", encoding="utf-8", newline="") as out:
        out.write(program_text)
    lines = "".join(json.dumps(event, ensure_ascii=index % 2 == 0) + "\n" for index, event in enumerate(events))
    return subprocess.run([sluice, "run", rules, "--events", "-", "--json"], input=lines.encode(), capture_output=True,
                          check=False)


RULE_COUNTS = [63, 64, 65, 127, 128, 129, 4095, 4096, 4097]


def many_rules(maker, count):
    """A program with one large ruleset; its rules seldom hold, so that the winners are spread."""
    program = maker.program()
    ruleset = program["rulesets"][0]
    rules = [maker.rule(number, None) for number in range(count)]
    for number, rule in enumerate(rules):
        seldom = ("is", False, [("field", "a.n2"), ("literal", float(number))])
        if number % 7:
            rule["when"] = seldom if rule["when"] is None else ("and", [rule["when"], seldom])
        elif number > 40:  # common rules late, else they hide the others
            rule["when"] = ("and", [seldom, ("is", False, [("field", "a.t0"), ("literal", f"t{number % 10}")])])
    ruleset["rules"] = rules
    return program


def text_rules(maker, count):
    """A program whose rules look for parts of one or two fields' texts, enough of them for a scan."""
    program = maker.program()
    fields = maker.names("text")[:2]

    def test(depth=2):
        if depth and maker.chance(0.4):
            kind = maker.pick(["and", "or", "not"])
            return ("not", test(depth - 1)) if kind == "not" else (kind, [test(depth - 1), test(depth - 1)])
        field, exactly = ("field", maker.pick(fields)), maker.chance(0.25)
        if maker.chance(0.4):
            return ("matches", (maker.pattern(), exactly), [field])
        words = [("literal", maker.text()) for _ in range(maker.pick([1, 2, 5]))]
        return ("contains any of", exactly, [field, ("list", words)])

    program["rulesets"][0]["rules"] = [{**maker.rule(number, None), "when": test()} for number in range(count)]
    return program


def long_texts(events, maker):
    """Fields that the text rules read get texts of many parts."""
    for event in events:
        for name in maker.names("text")[:2]:
            first, last = name.split(".")
            if maker.chance(0.9):
                event.setdefault(first, {})[last] = "".join(maker.text() for _ in range(maker.pick([1, 3, 9])))
    return events


def spread(events, maker, count):
    for event in events:
        if maker.chance(0.7):
            event.setdefault("a", {})["n2"] = maker.random.randrange(count)
    return events


DIFFERENCES_MAX = 5


def finish(compared, differences, seed, options):
    print(f"{compared} decisions of {seed - options.seed} programs compared")
    if compared < options.decisions:
        print(f"stopped before {options.decisions}: {differences} differences are enough")
    print(f"{max(compared - differences, 0)} passed, {differences} failed")
    return 1 if differences or compared < options.decisions else 0


def compare_without_index(options):
    """Both programs' lines, one by one."""
    compared = differences = 0
    seed = options.seed
    with tempfile.TemporaryDirectory() as folder:
        while (compared < options.decisions or seed < options.seed + 2 * len(RULE_COUNTS)) and differences < DIFFERENCES_MAX:
            maker = generate.Generator(random.Random(seed))
            turn = (seed - options.seed) % 40  # most programs are small: they have more kinds of rules for the time
            large = turn < len(RULE_COUNTS) or seed < options.seed + 2 * len(RULE_COUNTS)
            count = RULE_COUNTS[(seed - options.seed) % len(RULE_COUNTS)]
            program = many_rules(maker, count) if large else maker.program()
            events = [maker.event(number) for number in range(4 * options.events)]
            text = write.program(program)
            events = spread(events, maker, count) if large else events
            with_index, without = (run_sluice(binary, folder, text, events)
                                   for binary in (options.sluice, options.without_index))
            seed += 1
            if b"error[limit]" in with_index.stderr and with_index.stderr == without.stderr:
                continue  # the more rules, the likelier is a template that is too deep
            if with_index.returncode != without.returncode or not with_index.stdout:
                differences += 1
                print(f"seed {seed - 1}: exit {with_index.returncode} with, {without.returncode} without index")
                print(with_index.stderr.decode()[:2000])
            for event, line, wanted in zip(events, with_index.stdout.splitlines(), without.stdout.splitlines()):
                compared += wanted.count(b'"ruleset"')
                if line != wanted:
                    differences += 1
                    print(f"seed {seed - 1}: event {json.dumps(event)}\n  without {wanted.decode()}\n  with    {line.decode()}")
                    break
    return finish(compared, differences, seed, options)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sluice")
    parser.add_argument("--decisions", type=int, default=20000)
    parser.add_argument("--events", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-index")
    options = parser.parse_args()
    if options.without_index:
        return compare_without_index(options)
    compared = differences = 0
    seed = options.seed
    with tempfile.TemporaryDirectory() as folder:
        while compared < options.decisions and differences < DIFFERENCES_MAX:
            maker = generate.Generator(random.Random(seed))
            texts = seed % 4 == 3
            program = text_rules(maker, maker.pick([3, 20, 70])) if texts else maker.program()
            events = [maker.event(number) for number in range(options.events)]
            events = long_texts(events, maker) if texts else events
            text = write.program(program)
            finished = run_sluice(options.sluice, folder, text, events)
            printed = finished.stdout.decode().splitlines()
            if len(printed) != len(events):
                print(f"seed {seed}: {len(printed)} results for {len(events)} events, exit {finished.returncode}")
                print(finished.stderr.decode()[:2000])
                differences += 1
            for event, line, wanted in zip(events, printed, expected_decisions(program, events)):
                got = actual_decisions(line)
                compared += len(wanted)
                if wanted != got:
                    differences += 1
                    print(f"seed {seed}: event {json.dumps(event)}\n  wanted {json.dumps(wanted)}\n  got    {json.dumps(got)}")
                    break
            seed += 1
    return finish(compared, differences, seed, options)


if __name__ == "__main__":
    sys.exit(main())
