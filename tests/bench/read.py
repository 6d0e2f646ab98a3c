"""What reading an event costs, and reading and deciding it, beside simdjson's DOM parse of
the same bytes: 2.9 KB of a helpdesk's webhook, side by side in one process, as ratios.

Needs g++ and libsimdjson-dev. usage: read.py BUILD [--sizes 10,1000,...] [--json FILE]
BUILD: a release build's folder.
"""

import argparse
import json
import os
import pathlib
import subprocess
import tempfile

import generate
import webhook

EVENTS = 2000
ROOT = pathlib.Path(__file__).resolve().parents[2]


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return str(path)


def build(folder, build_folder):
    """The measuring program, linked with the library."""
    program = str(folder / "read")
    subprocess.run(["g++", "-O2", "-std=c++17", "-Wall", "-I", str(ROOT / "engine/include/sluice"), "-o", program,
                    str(ROOT / "tests/bench/read.cc"), os.path.join(build_folder, "engine/include/sluice/libsluice.a"),
                    "-lsimdjson", "-lpicosat", "-lm"], check=True)
    return program


def measure(program, folder, size):
    """One row of the table."""
    workload = generate.FollowUp(size)
    rules = write(folder / "bench.rules", workload.text().replace("\nruleset", webhook.SOURCE + "\nruleset", 1))
    events = write(folder / "bench.ndjson", "".join(
        webhook.delivery(event, number) + "\n" for number, event in enumerate(workload.events(EVENTS))))
    run = subprocess.run([program, rules, events], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=True)
    return {"rules": size, **json.loads(run.stdout)}


def shown(row):
    return (f"{row['rules']:>7} {row['bytes_per_event']:>6.0f} {row['copy_ns']:>7.0f} {row['simdjson_ns']:>9.0f}"
            f" {row['read_ns']:>8.0f} {row['read_ns'] / row['simdjson_ns']:>6.2f} {row['read_and_decide_ns']:>12.0f}"
            f" {row['read_and_decide_ns'] / row['simdjson_ns']:>6.2f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--sizes", default="10,1000,10000")
    parser.add_argument("--json")
    options = parser.parse_args()
    rows = []
    print(f"{'rules':>7} {'bytes':>6} {'copy ns':>7} {'simdjson':>9} {'read ns':>8} {'ratio':>6} {'with decide':>12}"
          f" {'ratio':>6}", flush=True)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        program = build(folder, options.build)
        for size in map(int, options.sizes.split(",")):
            rows.append(measure(program, folder, size))
            print(shown(rows[-1]), flush=True)
    if options.json:
        write(pathlib.Path(options.json), json.dumps(rows, indent=1) + "\n")


if __name__ == "__main__":
    main()
