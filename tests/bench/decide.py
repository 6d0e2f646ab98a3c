"""What deciding costs from 10 to 100,000 rules, beside the same rules as a chain of
ifs compiled by gcc -O2; every winner is compared with the chain's.

usage: decide.py SLUICE [--sizes 10,100,...] [--json FILE]
"""

import argparse
import json
import os
import statistics
import subprocess
import tempfile

import chain
import generate

CHAIN_MOST = 10000  # gcc takes minutes for more
EVENTS = 2000
ROUNDS = 3


def write(path, text):
    with open(path, "w", encoding="utf-8") as out:
        out.write(text)
    return path


def run(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout


def winners(sluice, rules, events):
    """Per event the number of its rule, -1 for none."""
    lines = run([sluice, "run", rules, "--events", events, "--json"]).splitlines()
    titles = [json.loads(line)["decisions"][0]["rule"] for line in lines]
    return [-1 if title is None else int(title.split()[-1]) for title in titles]


def measure(sluice, folder, size):
    """One row of the table."""
    workload = generate.FollowUp(size)
    events = workload.events(EVENTS)
    rules = write(os.path.join(folder, "bench.rules"), workload.text())
    lines = write(os.path.join(folder, "bench.ndjson"),
                  "".join(workload.delivery(event, number) + "\n" for number, event in enumerate(events)))
    row = {"rules": size, "chain_ns": None, "differences": None}
    compiled = os.path.join(folder, "chain")
    if size <= CHAIN_MOST:
        source = write(compiled + ".c", chain.program(workload, events, max(1, 2000 // size)))
        run(["gcc", "-O2", "-w", "-o", compiled, source])
    figures, chain_times = [], []
    for _ in range(ROUNDS):
        figures.append(json.loads(run([sluice, "bench", rules, "--events", lines, "--json"])))
        if size <= CHAIN_MOST:
            chain_times.append(float(run([compiled, compiled + ".winners"])))
    for name in figures[0]:
        row[name] = statistics.median(figure[name] for figure in figures)
    got = winners(sluice, rules, lines)
    row["mean_winner"] = statistics.mean([winner for winner in got if winner >= 0] or [-1])
    if chain_times:
        row["chain_ns"] = statistics.median(chain_times)
        with open(compiled + ".winners", encoding="utf-8") as file:
            row["differences"] = sum(int(line) != winner for line, winner in zip(file, got))
    return row


def shown(row):
    beside = f"{row['chain_ns']:>10.0f} {row['decide_ns_per_event'] / row['chain_ns']:>8.2f}" if row["chain_ns"] else ""
    return (f"{row['rules']:>7} {row['decide_ns_per_event']:>10.0f} {beside:>19} {row['decode_ns_per_event']:>10.0f}"
            f" {row['compile_ms']:>10.1f} {row['peak_rss_kb'] / 1024:>8.1f} {row['mean_winner']:>9.0f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sluice")
    parser.add_argument("--sizes", default="10,100,1000,10000,100000")
    parser.add_argument("--json")
    options = parser.parse_args()
    rows = []
    print(f"{'rules':>7} {'decide ns':>10} {'ifs ns':>10} {'ratio':>8} {'decode ns':>10} {'compile ms':>10} {'peak MB':>8}"
          f" {'winner':>9}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        for size in map(int, options.sizes.split(",")):
            rows.append(measure(options.sluice, folder, size))
            print(shown(rows[-1]), flush=True)
    if options.json:
        write(options.json, json.dumps(rows, indent=1) + "\n")
    wrong = sum(row["differences"] or 0 for row in rows)
    print(f"{wrong} winners differ from the chain's")
    return 1 if wrong else 0


if __name__ == "__main__":
    raise SystemExit(main())
