"""What deciding costs where every rule looks for phrases or an expression in one text, beside vectorscan's
scan of the same patterns in the same texts and nothing else; every winner is compared with Python's.

usage: patterns.py SLUICE [--sizes 10,100,...]      (needs the package libvectorscan-dev, and a C compiler)
"""

import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

import spam

HERE = pathlib.Path(__file__).resolve().parent
EVENTS = 2000
ROUNDS = 3


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def run(command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True).stdout


def build_raw(folder):
    program = folder / "raw_scan"
    flags = run(["pkg-config", "--cflags", "--libs", "libhs"]).split()
    run([os.environ.get("CC", "cc"), "-O2", "-o", str(program), str(HERE / "raw_scan.c"), *flags])
    return program


def winner(rules, message):
    """The number of the first rule that holds, by Python; None where none does."""
    folded = message.casefold()
    for number, (kind, what, *_) in enumerate(rules):
        if kind == "phrases":
            holds = any(phrase.casefold() in folded for phrase in what)
        else:
            holds = re.search(what, message, re.IGNORECASE | re.ASCII) is not None
        if holds:
            return f"Rule {number}"
    return None


def check(sluice, rules, events, made, messages):
    lines = run([sluice, "run", str(rules), "--events", str(events), "--json"]).splitlines()
    for line, message in zip(lines, messages, strict=True):
        given, expected = json.loads(line)["decisions"][0]["rule"], winner(made.rules, message)
        if given != expected:
            sys.exit(f"patterns.py: {given} wins where {expected} should, on: {message}")


def measure(sluice, raw, folder, size):
    made = spam.Spam(size, in_rules=True)
    messages = made.messages(EVENTS)
    rules = write(folder / "bench.rules", made.text())
    events = write(folder / "events", "\n".join(made.delivery(text, i) for i, text in enumerate(messages)) + "\n")
    patterns = write(folder / "patterns", "".join(f"{kind}\t{text}\n" for kind, text in made.patterns()))
    texts = write(folder / "texts", "\n".join(messages) + "\n")
    check(sluice, rules, events, made, messages[:EVENTS])
    found, scanned, ours, theirs = [], [], [], []
    for _ in range(ROUNDS):
        one = json.loads(run([sluice, "bench", str(rules), "--events", str(events), "--json"]))
        other = json.loads(run([str(raw), str(patterns), str(texts)]))
        found.append(one["find_ns_per_event"])
        scanned.append(other["scan_ns"])
        ours.append(one["compile_ms"])
        theirs.append(other["compile_ms"])
    return (size, other["patterns"], *(statistics.median(column) for column in (found, scanned, ours, theirs)),
            statistics.median(mine / other for mine, other in zip(found, scanned)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sluice")
    parser.add_argument("--sizes", default="10,100,1000")
    options = parser.parse_args()
    print("| rules | patterns | winner, ns | vectorscan's scan, ns | ratio | compile, ms | vectorscan's, ms |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        raw = build_raw(folder)
        for size in map(int, options.sizes.split(",")):
            rules, patterns, found, scanned, ours, theirs, ratio = measure(options.sluice, raw, folder, size)
            print(f"| {rules:,} | {patterns:,} | {found:,.0f} | {scanned:,.0f} | {ratio:.2f} | {ours:.1f} | "
                  f"{theirs:.1f} |", flush=True)


if __name__ == "__main__":
    main()
