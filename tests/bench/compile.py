"""Time and memory of reading, checking and compiling generated files of 1,000 to
100,000 rules (`sluice lint --no-proofs`), and whether the growth up to 10,000 is linear
within 20 %. Beside it what the proofs add (`sluice lint`), which is not linear.

usage: compile.py SLUICE
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time

import generate

SIZES = [1000, 2000, 5000, 10000, 100000]
PROVED_MOST = 10000  # the time for proofs is over before more are done
ROUNDS = 7


def peak_of(pid):
    """High-water mark so far, kB; 0 once it has ended. The figure that wait4 gives
    would count this interpreter's own memory, which the child has before exec."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as lines:
            return next((int(line.split()[1]) for line in lines if line.startswith("VmHWM:")), 0)
    except OSError:
        return 0


def run(command):
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def finish(command, process):
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{' '.join(command)}: exit status {process.returncode}")
    return usage.ru_utime + usage.ru_stime


def measure_memory(command):
    """Peak kB of one run, read until it ends: memory only grows."""
    process = run(command)
    peak = 0
    while os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        with open(f"/proc/{process.pid}/comm", encoding="utf-8") as name:
            if name.read().startswith("sluice"):
                peak = max(peak, peak_of(process.pid))
    finish(command, process)
    return peak


def measure(command):
    """CPU seconds of one run."""
    return finish(command, run(command))


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
        peaks = {}
        for _ in range(ROUNDS):
            for size in [0, *SIZES]:
                times[size].append(measure([sluice, "lint", "--no-proofs", files.get(size, empty)]))
        for size in SIZES:
            peaks[size] = max(measure_memory([sluice, "lint", "--no-proofs", files[size]]) for _ in range(3))
        proving = {size: measure([sluice, "lint", files[size]]) for size in SIZES if size <= PROVED_MOST}
    base_time = statistics.median(times[0])
    print(f"{'rules':>7} {'lint and compile':>17} {'us per rule':>12} {'peak memory':>12} {'bytes per rule':>15}")
    per_rule = {}
    per_rule_memory = {}
    for size in SIZES:
        seconds = statistics.median(times[size])
        per_rule[size] = (seconds - base_time) / size
        per_rule_memory[size] = peaks[size] * 1024 / size
        print(f"{size:>7} {seconds * 1000:>14.1f} ms {per_rule[size] * 1e6:>12.1f} {peaks[size] / 1024:>9.1f} MB"
              f" {per_rule_memory[size]:>15.0f}")
    print(f"(an empty file: {base_time * 1000:.1f} ms, not counted in the time per rule)")
    print("with proofs: " + ", ".join(f"{size} rules {seconds * 1000:.0f} ms" for size, seconds in proving.items()))
    wrong = 0
    for size in (10000, 100000):
        growth, memory_growth = per_rule[size] / per_rule[1000], per_rule_memory[size] / per_rule_memory[1000]
        print(f"per rule at {size} against 1000: time {growth:.2f}, memory {memory_growth:.2f} (1.00 is linear)")
        wrong += size == 10000 and (growth > 1.2 or memory_growth > 1.2)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
