"""What a list declares is seen in some case's expected output: every finding in
what `lint` says, every reason not to read an event in what `run` says, every
instruction in a dump. A new entry without a case fails here."""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cases"))

import run as cases

# The list, its entries' words, the stream that shows them, and how.
LISTS = [
    ("engine/text/codes.def", r'^DIAGNOSTIC\(\w+, "([\w-]+)"', "stderr", r"^\S+?:\d+:\d+: (?:error|warning|hint)\[{}\]: "),
    ("engine/input/errors.def", r'^INPUT_ERROR\(\w+, "([\w-]+)", (?:INVALID|LIMIT)', "stderr", r":\d+: error\[{}\]: "),
    ("engine/input/errors.def", r'^INPUT_ERROR\(\w+, "([\w-]+)", (?:INVALID|LIMIT)', "stdout", r'"error":\{{"code":"{}",'),
    ("engine/input/errors.def", r'^DECIDE_ERROR\(\w+, "([\w-]+)", LIMIT', "stdout", r'"error":\{{"code":"{}",'),
    ("engine/input/errors.def", r'^DECIDE_ERROR\(\w+, "([\w-]+)", INVALID', "stderr", r"^\S+: error\[{}\]: "),
    ("engine/code/opcodes.def", r"^OPCODE\((\w+),", "stdout", r"^ +\d+ {}(?: |$)"),
]
# Not reachable from the command line, which names the mistake before it reads anything, or from
# rules that a compiler has seen (tests/unit/decide_test.c forges a program).
ELSEWHERE = {"unknown-source", "no-event", "facts-too-deep"}


def read_outputs():
    """All expected output of the cases, by stream."""
    outputs = {"stdout": [], "stderr": []}
    for path in cases.find_cases([ROOT / "tests/cases"]):
        for command in cases.Case(path).commands:
            for stream, texts in outputs.items():
                section = command.find(stream)
                texts += section.lines if section else []
    return {stream: "\n".join(lines) for stream, lines in outputs.items()}


def main():
    outputs = read_outputs()
    passed = failed = 0
    for name, entry, stream, shown in LISTS:
        for word in re.findall(entry, (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE):
            word = word.lower()
            if word in ELSEWHERE or re.search(shown.format(re.escape(word)), outputs[stream], re.MULTILINE):
                passed += 1
            else:
                failed += 1
                print(f"{name}: {word} is in the {stream} of no case")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
