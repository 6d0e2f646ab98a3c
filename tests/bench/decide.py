"""What deciding costs from 10 to 100,000 rules, beside the same rules as a chain of
ifs compiled by gcc -O2; every winner is compared with the chain's.

The chain only finds the winner, from values that are decoded and folded; so it is held
against finding the winner alone, from an event that was read. The whole decision, with
its actions, and reading, which finds the classes of the values, are shown beside it.
Everything is CPU time, measured in turns; --instructions counts with callgrind, which
no other program disturbs.

usage: decide.py SLUICE [--sizes 10,100,...] [--instructions] [--json FILE]
"""

import argparse
import collections
import json
import os
import re
import statistics
import subprocess
import tempfile

import chain
import generate

CHAIN_MOST = 10000  # gcc takes minutes for more
EVENTS = 2000
ROUNDS = 3
COLUMNS = [("rules", "rules", 7, 0), ("find", "find_ns_per_event", 7, 0), ("ifs", "chain_ns", 8, 0),
           ("find/ifs", "ratio", 8, 3), ("whole", "decide_ns_per_event", 7, 0), ("read", "decode_ns_per_event", 7, 0),
           ("compile ms", "compile_ms", 10, 1), ("peak MB", "peak_mb", 8, 1), ("winner", "mean_winner", 8, 0)]
COUNTED = {"find": "slu_decide_winners", "whole": "sluice_decide", "classes": "slu_rules_find_classes",
           "read": "sluice_read"}


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def run(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout


def winners(sluice, rules, events):
    lines = run([sluice, "run", rules, "--events", events, "--json"]).splitlines()
    titles = [json.loads(line)["decisions"][0]["rule"] for line in lines]
    return [-1 if title is None else int(title.split()[-1]) for title in titles]


def instructions(command, functions, folder):
    """Instructions per call of each function, with those that it calls."""
    profile = os.path.join(folder, "callgrind.out")
    run(["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", *command])
    names, calls, costs = {}, collections.Counter(), collections.Counter()
    with open(profile, encoding="utf-8") as file:
        called = None
        for line in file:
            named = re.match(r"c?fn=\((\d+)\)(?: (.*))?", line)
            if named:
                names.setdefault(named[1], named[2])
                called = names[named[1]] if line.startswith("cfn=") else None
            elif line.startswith("calls="):
                calls[called] += int(line[6:].split()[0])
                costs[called] += int(next(file).split()[1])
    return {function: costs[function] / calls[function] for function in functions if calls[function] > 0}


def measure(sluice, folder, size, count):
    """One row of the table."""
    workload = generate.FollowUp(size)
    events = workload.events(EVENTS)
    rules = write(os.path.join(folder, "bench.rules"), workload.text())
    lines = write(os.path.join(folder, "bench.ndjson"),
                  "".join(workload.delivery(event, number) + "\n" for number, event in enumerate(events)))
    row = {"rules": size, "chain_ns": None, "ratio": None, "differences": None}
    compiled = os.path.join(folder, "chain")
    bench = [sluice, "bench", rules, "--events", lines, "--json"]
    chained = [compiled, compiled + ".winners"]
    if size <= CHAIN_MOST:
        source = write(compiled + ".c", chain.program(workload, events, max(1, 2000 // size)))
        run(["gcc", "-O2", "-w", "-o", compiled, source])
    figures, chain_times = [], []
    for _ in range(ROUNDS):
        figures.append(json.loads(run(bench)))
        if size <= CHAIN_MOST:
            chain_times.append(float(run(chained)))
    for name in figures[0]:
        row[name] = statistics.median(figure[name] for figure in figures)
    row["peak_mb"] = row["peak_rss_kb"] / 1024
    got = winners(sluice, rules, lines)
    row["mean_winner"] = statistics.mean([winner for winner in got if winner >= 0] or [-1])
    if chain_times:
        row["chain_ns"] = statistics.median(chain_times)
        row["ratio"] = row["find_ns_per_event"] / row["chain_ns"]
        with open(compiled + ".winners", encoding="utf-8") as file:
            row["differences"] = sum(int(line) != winner for line, winner in zip(file, got))
    if count:
        counts = instructions(bench, COUNTED.values(), folder)
        row["instructions"] = {name: counts[function] for name, function in COUNTED.items() if function in counts}
        if chain_times:
            row["instructions"]["ifs"] = instructions(chained, ["decide"], folder)["decide"]
    return row


def shown(row):
    line = "".join(" " + (" " * width if row[name] is None else f"{row[name]:>{width}.{places}f}")
                   for _, name, width, places in COLUMNS)[1:]
    counts = ", ".join(f"{name} {count:.0f}" for name, count in row.get("instructions", {}).items())
    return line + (f"\n        instructions: {counts}" if counts else "")


def growth(rows):
    """From 100 rules to the most."""
    by_size = {row["rules"]: row for row in rows}
    most = max(by_size)
    if 100 not in by_size or most == 100:
        return ""
    return "".join(f"{what}: {by_size[most][name] / by_size[100][name]:.1f} times from 100 to {most} rules\n"
                   for what, name in [("find", "find_ns_per_event"), ("whole", "decide_ns_per_event")])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sluice")
    parser.add_argument("--sizes", default="10,100,1000,10000,100000")
    parser.add_argument("--instructions", action="store_true")
    parser.add_argument("--json")
    options = parser.parse_args()
    rows = []
    print("ns per event\n" + " ".join(f"{head:>{width}}" for head, _, width, _ in COLUMNS), flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, options.sizes.split(",")):
            rows.append(measure(options.sluice, folder, size, options.instructions))
            print(shown(rows[-1]), flush=True)
    if options.json:
        write(options.json, json.dumps(rows, indent=1) + "\n")
    wrong = sum(row["differences"] or 0 for row in rows)
    print(f"{growth(rows)}{wrong} winners differ from the chain's")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
