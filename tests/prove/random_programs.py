"""What the tests with random programs share: making so many of them, counting what
was seen, and failing when something that the test is about was not seen at all.
"""

import argparse
import tempfile

FAILURES_SHOWN = 3  # then the run ends


def run(check, programs, must_see):
    """`check(sluice, folder, seed, counts)` makes one program, adds to `counts` what it saw, and
    returns (problems, the program's text). `programs`: how many, unless the command line says so.
    `must_see`: the keys of `counts` without which the test has shown nothing. Returns the exit status."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sluice")
    parser.add_argument("--programs", type=int, default=programs)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    passed = failed = 0
    counts = {}
    with tempfile.TemporaryDirectory() as folder:
        for seed in range(options.seed, options.seed + options.programs):
            problems, text = check(options.sluice, folder, seed, counts)
            passed += not problems
            if problems:
                failed += 1
                print(f"seed {seed}:", *problems, text, sep="\n")
            if failed == FAILURES_SHOWN:
                print(f"the other {options.seed + options.programs - seed - 1} programs were not run")
                break
    print(", ".join(f"{number} {what}" for what, number in sorted(counts.items())))
    for what in must_see:
        if not counts.get(what) and failed < FAILURES_SHOWN:
            failed += 1
            print(f"no program has shown this: {what}")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
