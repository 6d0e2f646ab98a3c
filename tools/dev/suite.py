"""Runs `meson test` in each build directory and adds up what the tests report.

Every test prints "N passed, N failed" as its last line; one that does not
counts as one test by its exit status. The last line printed is the sum.
"""

import json
import os
import re
import subprocess
import sys
import time

SUMMARY = re.compile(r"^(\d+) passed, (\d+) failed\s*$", re.MULTILINE)


def run_build(directory):
    """Runs one build's tests; returns (passed, failed)."""
    environment = dict(os.environ)
    environment.setdefault("ASAN_OPTIONS", "detect_leaks=1:abort_on_error=0:allocator_may_return_null=1")
    environment.setdefault("UBSAN_OPTIONS", "halt_on_error=1:print_stacktrace=1")
    started = time.monotonic()
    log = os.path.join(directory, "meson-logs", "testlog.json")
    if os.path.exists(log):
        os.remove(log)
    finished = subprocess.run(
        ["meson", "test", "-C", directory, "--no-rebuild", "--quiet"],
        env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)
    if not os.path.exists(log):
        print(finished.stdout)
        return 0, 1
    passed = failed = 0
    with open(log, encoding="utf-8") as lines:
        for line in lines:
            test = json.loads(line)
            ok = test["result"] in ("OK", "EXPECTEDFAIL")
            found = SUMMARY.findall(test.get("stdout") or "")
            good, bad = (int(found[-1][0]), int(found[-1][1])) if found else (int(ok), int(not ok))
            if not ok and bad == 0:
                bad = 1
            passed += good
            failed += bad
            print(f"  {'ok  ' if ok else 'FAIL'}  {test['name']:<40} {good:>6} passed {bad:>4} failed"
                  f"  {test['duration']:7.1f} s")
            if not ok:
                print("".join(f"      {text}\n" for text in (test.get("stdout") or "").splitlines()[-60:]))
                print("".join(f"      {text}\n" for text in (test.get("stderr") or "").splitlines()[-60:]))
    print(f"{directory}: {time.monotonic() - started:.0f} s")
    return passed, failed


def main():
    passed = failed = 0
    for directory in sys.argv[1:]:
        good, bad = run_build(directory)
        passed += good
        failed += bad
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
