"""Writes random programs, with comments and odd white space, one file each.

usage: programs.py COUNT FOLDER [SEED]
"""

import os
import random
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import generate
import write


def untidy(text, pick):
    """The same tokens with other white space, and comments between lines and at their ends."""
    lines = []
    for line in text.splitlines():
        roll = pick.random()
        if roll < 0.1:
            lines.append(" " * pick.randrange(6) + f"# note {pick.randrange(1000)} é")
        if roll > 0.93:
            lines += [""] * pick.randrange(1, 4)
        line = " " * pick.randrange(9) + line.strip()
        if pick.random() < 0.1:
            line += " " * pick.randrange(1, 4) + f"# {pick.randrange(1000)}"
        lines.append(line + " " * pick.choice([0, 0, 0, 2]))
    end = pick.choice(["\n", "\n", "\r\n"])
    return end.join(lines) + pick.choice(["", end, end * 3])


def write_all(count, folder, first):
    os.makedirs(folder, exist_ok=True)
    for seed in range(first, first + count):
        pick = random.Random(seed)
        text = untidy(write.program(generate.Generator(pick).program()), pick)
        with open(os.path.join(folder, f"{seed}.rules"), "w", encoding="utf-8", newline="") as out:
            out.write(text)



if __name__ == "__main__":
    write_all(int(sys.argv[1]), sys.argv[2], int(sys.argv[3]) if len(sys.argv) > 3 else 1)
