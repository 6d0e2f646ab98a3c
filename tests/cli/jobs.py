#!/usr/bin/env python3
"""sluice run --jobs N prints what --jobs 1 prints, byte for byte and on each stream, with the same exit status.

    jobs.py SLUICE RULES
"""

import functools
import json
import os
import pathlib
import subprocess
import sys
import tempfile

from checks import Checks

SLUICE = os.path.abspath(sys.argv[1])
RULES = pathlib.Path(sys.argv[2]).resolve()
LIMIT = 4 * 1024 * 1024  # bytes of an event
COPIES = 40  # of the samples: several blocks of lines
check = Checks()

STATELESS = """use intercom
lookup live is intercom.conversation(conversation.id)
ruleset "Sizes" on lead.qualified, conversation.started
  rule "Large" when company.size > 50 then record("large") intercom.tag("Large {company.size}")
  rule "Open" when live.state is "open" then intercom.tag("Open")
  rule "Later" when message.body contains "later" then after 2 hours intercom.tag("Later")
  rule "Many" when count(conversation.tags) > 1000 then intercom.tag(each conversation.tags)
"""
FACTS = '{"lookups": {"intercom.conversation": {"c1": {"state": "open"}}}}'


def own_lines(count):
    """Events of the product's own shape, with all that can be wrong with a line among them."""
    for number in range(count):
        yield json.dumps({"event": "lead.qualified", "id": f"e{number}", "at": 1, "company": {"size": number % 90},
                          "conversation": {"id": f"c{number % 3}"}, "message": {"body": "later" if number % 7 == 0 else "x" * 50}})
        if number % 11 == 0:
            yield from ['{"event": "lead.qualified", ', "", "  \t", '{"event": "no.such"}', "\0", '"text"', "{} {}", "\ufeff{}"]
        if number % 97 == 0:
            yield json.dumps({"event": "lead.qualified", "id": "many", "at": 1, "conversation": {"tags": ["t"] * 1500}})
    yield "[" * (LIMIT + 5)
    yield '{"event": "lead.qualified", "id": "last", "at": 1}'


def run(words, text):
    with tempfile.TemporaryFile() as both:
        apart = subprocess.run([SLUICE, "run", *words], input=text, capture_output=True)
        subprocess.run([SLUICE, "run", *words], input=text, stdout=both, stderr=subprocess.STDOUT)
        both.seek(0)
        return apart.returncode, apart.stdout, apart.stderr, both.read()


def compare(words, text):
    wanted = run([*words, "--jobs", "1"], text)
    for jobs in ("2", "5"):
        got = run([*words, "--jobs", jobs], text)
        names = ("exit status", "standard output", "standard error", "both streams in one file")
        for name, one, other in zip(names, wanted, got):
            assert one == other, f"--jobs {jobs} {' '.join(words)}: {name} differs: {one[-300:]!r} {other[-300:]!r}"
    return wanted


def every_form(words, text):
    for more in ([], ["--json"], ["--trace"], ["--trace", "--json"]):
        compare([*words, *more], text)


def with_files(function):
    @functools.wraps(function)
    def wrapped():
        with tempfile.TemporaryDirectory(prefix="sluice-jobs-") as folder:
            pathlib.Path(folder, "a.rules").write_text(STATELESS)
            pathlib.Path(folder, "facts.json").write_text(FACTS)
            function(folder)
    return wrapped


@check
@with_files
def all_kinds_of_lines(folder):
    text = "\n".join(own_lines(3000)).encode()
    words = [f"{folder}/a.rules", "--facts", f"{folder}/facts.json"]
    every_form(words, text)
    status, out, errors, _ = compare(words, text)
    assert status == 1, status
    for word in (b"Large", b"Open", b"Later"):
        assert word in out, word
    for word in (b"too-many-repetitions", b"bad-json", b"too-large", b" events: "):
        assert word in errors, (word, errors[-500:])


@check
@with_files
def nothing_and_a_line_without_an_end(folder):
    for text in (b"", b"\n", b"\n\n{}", b'{"event": "lead.qualified"'):
        every_form([f"{folder}/a.rules", "--at", "0"], text)


@check
def rule_sets_that_we_ship():
    """Some keep state and allowances: each event then sees what those before it did."""
    for folder in sorted(RULES.iterdir()):
        events = folder / "events.ndjson"
        if events.exists():
            every_form([str(folder)], events.read_bytes() * COPIES)


@check
def deliveries_of_services():
    for path in sorted((RULES / "deliveries").glob("*.ndjson")):
        service, _, topic = path.stem.partition("-")
        words = [str(RULES), "--source", service, "--at", "0"]
        words += ["--topic", topic] if service == "github" else []
        every_form(words, path.read_bytes() * 5)
        every_form([*words[:2], words[2], "--at", "0", "--topic", "no.such"], path.read_bytes())


@check
@with_files
def a_large_file_without_jobs(folder):
    """On one thread per processor, with the same output."""
    events = pathlib.Path(folder, "events.ndjson")
    lines = "\n".join(own_lines(3000)).encode() + b"\n"
    events.write_bytes(lines * (17 * 1024 * 1024 // len(lines) + 1))
    words = [f"{folder}/a.rules", "--events", str(events), "--json"]
    assert run(words, None) == run([*words, "--jobs", "1"], None)


@check
def a_reader_that_goes_away():
    text = "\n".join(own_lines(20000)).encode()
    with tempfile.TemporaryDirectory(prefix="sluice-jobs-") as folder:
        pathlib.Path(folder, "a.rules").write_text(STATELESS)
        process = subprocess.Popen([SLUICE, "run", f"{folder}/a.rules", "--json", "--jobs", "3"], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdin.write(next(own_lines(1)).encode() + b"\n")
        process.stdin.flush()
        process.stdout.read(10)
        process.stdout.close()
        try:
            process.stdin.write(text)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.wait(timeout=60) == 2
        assert process.stderr.read() == b""


@check
def answers_come_while_the_input_is_open():
    with tempfile.TemporaryDirectory(prefix="sluice-jobs-") as folder:
        pathlib.Path(folder, "a.rules").write_text(STATELESS)
        for jobs in ("1", "2"):
            process = subprocess.Popen([SLUICE, "run", f"{folder}/a.rules", "--json", "--jobs", jobs], stdin=subprocess.PIPE,
                                       stdout=subprocess.PIPE, bufsize=0)
            for number in range(5):
                process.stdin.write(b'{"event": "lead.qualified", "id": "%d"}\n' % number)
                assert json.loads(process.stdout.readline())["id"] == str(number)
            process.stdin.close()
            assert process.wait(timeout=60) == 0


if __name__ == "__main__":
    check.run()
