"""Time and memory of `sluice lint` over generated files of 1,000 to 10,000 rules,
and whether the growth is linear within 20 %.

usage: compile.py SLUICE
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import generate

SIZES = [1000, 2000, 5000, 10000]
ROUNDS = 7


def measure(command):
    """(CPU seconds, peak kB) of one run. A process counts the peak of the one it was forked from
    as its own, so `time` (which is small) starts it, instead of this interpreter."""
    with tempfile.NamedTemporaryFile() as peak:
        process = subprocess.Popen(["/usr/bin/time", "-f", "%M", "-o", peak.name, *command],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        peak_kilobytes = int(peak.read().split()[-1])
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"{' '.join(command)}: exit status {os.waitstatus_to_exitcode(status)}")
    return usage.ru_utime + usage.ru_stime, peak_kilobytes


def main():
    sluice = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        empty = os.path.join(folder, "empty.rules")
        with open(empty, "w", encoding="utf-8") as out:
            out.write("# nothing\n")
        files = {}
        for size in SIZES:
            files[size] = os.path.join(folder, f"{size}.rules")
            with open(files[size], "w", encoding="utf-8") as out:
                out.write(generate.follow_up(size))
        # Interleaved rounds, so that a machine that changes speed changes it for all sizes.
        times = {size: [] for size in [0, *SIZES]}
        peaks = {size: 0 for size in [0, *SIZES]}
        for _ in range(ROUNDS):
            for size in [0, *SIZES]:
                seconds, peak = measure([sluice, "lint", files.get(size, empty)])
                times[size].append(seconds)
                peaks[size] = max(peaks[size], peak)
    base_time, base_peak = statistics.median(times[0]), peaks[0]
    print(f"{'rules':>7} {'lint and compile':>17} {'us per rule':>12} {'peak memory':>12} {'bytes per rule':>15}")
    per_rule = {}
    per_rule_memory = {}
    for size in SIZES:
        seconds = statistics.median(times[size])
        per_rule[size] = (seconds - base_time) / size
        per_rule_memory[size] = (peaks[size] - base_peak) * 1024 / size
        print(f"{size:>7} {seconds * 1000:>14.1f} ms {per_rule[size] * 1e6:>12.1f} {peaks[size] / 1024:>9.1f} MB"
              f" {per_rule_memory[size]:>15.0f}")
    print(f"(of it {base_time * 1000:.1f} ms and {base_peak / 1024:.1f} MB for an empty file)")
    growth = per_rule[SIZES[-1]] / per_rule[SIZES[0]]
    memory_growth = per_rule_memory[SIZES[-1]] / per_rule_memory[SIZES[0]]
    print(f"per rule at 10,000 against 1,000: time {growth:.2f}, memory {memory_growth:.2f} (1.00 is linear)")
    return 0 if growth <= 1.2 and memory_growth <= 1.2 else 1


if __name__ == "__main__":
    sys.exit(main())
