"""How long proofs take on generated rules: lint with and without proofs, diff of equal and of different sets.

usage: prove.py SLUICE [COUNT]...
"""

import os
import random
import resource
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import generate


def split_rules(text, extra):
    """One rule in ten split in two by size, which changes nothing; with `extra` also a rule that does."""
    head, *rules = text.split('  rule "')
    pick, out = random.Random(3), []
    for rule in rules:
        title, rest = rule.split('"', 1)
        if pick.random() < 0.1:
            out.append(title + ' small"' + rest.replace("when ", "when company.size < 100 and ", 1))
            out.append(title + ' large"' + rest.replace("when ", "when not (company.size < 100) and ", 1))
        else:
            out.append(rule)
    if extra:
        out.insert(len(out) // 2, 'Extra"\n    when company.size is 77\n    then intercom.tag("Extra")\n\n')
    return head + "".join('  rule "' + rule for rule in out)


def run(*words):
    start = time.monotonic()
    finished = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    return time.monotonic() - start, finished.stdout.decode().splitlines()[-1]


def main():
    sluice, counts = sys.argv[1], [int(count) for count in sys.argv[2:]] or [100, 1000, 10000]
    with tempfile.TemporaryDirectory() as folder:
        def write(name, text):
            path = os.path.join(folder, name)
            with open(path, "w", encoding="utf-8") as out:
                out.write(text)
            return path

        for count in counts:
            text = generate.follow_up(count)
            old = write("old.rules", text)
            equal, changed = write("equal.rules", split_rules(text, False)), write("changed.rules", split_rules(text, True))
            for name, words in (("lint without proofs", ["lint", "--no-proofs", old]), ("lint", ["lint", old]),
                                ("lint --gaps", ["lint", "--gaps", old]), ("diff, equal", ["diff", old, equal]),
                                ("diff, changed", ["diff", old, changed])):
                seconds, last = run(sluice, *words)
                print(f"{count:6} rules  {name:20} {seconds:7.3f} s  {last}")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss} kB")


if __name__ == "__main__":
    main()
