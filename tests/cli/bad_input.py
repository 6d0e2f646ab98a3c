#!/usr/bin/env python3
"""sluice on input too large to keep in a case, and on streams that fail.

    bad_input.py SLUICE MEGABYTES     the second: what the program may take at most
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

from checks import Checks

SLUICE = os.path.abspath(sys.argv[1])
MEGABYTES = int(sys.argv[2])
RULES = """ruleset "Sizes" on lead.qualified
  rule "Large" when company.size > 50 then record("large")
  otherwise then record("small")
"""
check = Checks()


class Answer:
    def __init__(self, process, stdout, stderr):
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.status, self.stdout, self.stderr = process.returncode, stdout, stderr
        self.megabytes = usage.ru_maxrss / 1024

    def expect(self, status):
        assert self.status == status, f"exit {self.status}, not {status}:\n{self.stderr.decode(errors='replace')[:2000]}"
        assert self.megabytes < MEGABYTES, f"{self.megabytes:.0f} MB"
        return self


def sluice(*words, chunks=(), stdout=subprocess.PIPE, folder=None, **more):
    """Runs it in `folder`, feeding the chunks; they may be more than memory holds."""
    process = subprocess.Popen([SLUICE, *words], stdin=subprocess.PIPE, stdout=stdout, stderr=subprocess.PIPE, cwd=folder, **more)

    def feed():
        try:
            for chunk in chunks:
                process.stdin.write(chunk)
            process.stdin.close()
        except BrokenPipeError:
            pass

    outputs = {}
    threads = [threading.Thread(target=feed)]
    for name in ("stdout", "stderr"):
        stream = getattr(process, name)
        if stream:
            threads.append(threading.Thread(target=lambda name=name, stream=stream: outputs.update({name: stream.read()})))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Answer(process, outputs.get("stdout", b""), outputs.get("stderr", b""))


def scratch(**files):
    folder = tempfile.TemporaryDirectory(prefix="sluice-bad-")
    for name, text in files.items():
        pathlib.Path(folder.name, name.replace("_", ".")).write_text(text)
    return folder


def event(number, **more):
    return (json.dumps({"event": "lead.qualified", "id": str(number), "at": 1, "company": {"size": number}, **more}) + "\n").encode()


@check
def nested_parentheses_in_rules():
    deep = RULES.replace("company.size > 50", "(" * 10000 + "company.size > 50" + ")" * 10000)
    with scratch(a_rules=deep) as folder:
        answer = sluice("lint", "a.rules", folder=folder).expect(1)
        assert b"error[limit]" in answer.stderr, answer.stderr[:500]
        answer = sluice("fmt", "--check", "a.rules", folder=folder).expect(1)
        assert b"error[limit]" in answer.stderr, answer.stderr[:500]


@check
def line_of_100_megabytes():
    with scratch(a_rules=RULES) as folder:
        long_line = [b'{"event": "', *([b"x" * 1024 * 1024] * 100), b'"}\n']
        answer = sluice("run", "--json", "a.rules", folder=folder, chunks=[event(1), *long_line, event(51)]).expect(1)
        first, second, third = map(json.loads, answer.stdout.splitlines())
        assert first["decisions"][0]["rule"] == "otherwise", first
        assert second["id"] is None and set(second["error"]) == {"code", "message", "at_byte"}, second
        assert third["decisions"][0]["rule"] == "Large", third


@check
def long_line_without_end():
    with scratch(a_rules=RULES) as folder:
        answer = sluice("run", "--json", "a.rules", folder=folder, chunks=[b"[" * 1024 * 1024] * 20).expect(1)
        assert len(answer.stdout.splitlines()) == 1, answer.stdout[:200]


@check
def line_of_exactly_the_limit():
    limit = 4 * 1024 * 1024
    empty = len(event(1, text=""))
    with scratch(a_rules=RULES) as folder:
        fits = event(1, text="x" * (limit - empty + 1))
        assert len(fits) == limit + 1
        sluice("run", "--json", "a.rules", folder=folder, chunks=[fits]).expect(0)
        sluice("run", "--json", "a.rules", folder=folder, chunks=[event(1, text="x" * (limit - empty + 2))]).expect(1)
        sluice("run", "--json", "a.rules", folder=folder, chunks=[fits[:-1] + b"\r\n"]).expect(0)


@check
def many_events_in_constant_memory():
    with scratch(a_rules=RULES) as folder:
        block = b"".join(event(number) for number in range(1000))
        answer = sluice("run", "--json", "a.rules", folder=folder, chunks=[block] * 100).expect(0)
        assert answer.stdout.count(b"\n") == 100000
        assert answer.stdout.count(b'"rule":"Large"') == 100 * 949


@check
def closed_standard_output():
    with scratch(a_rules=RULES) as folder:
        answer = sluice("run", "--json", "a.rules", folder=folder, chunks=[event(1)], stdout=None, preexec_fn=lambda: os.close(1)).expect(2)
        assert b"cannot write standard output" in answer.stderr, answer.stderr
        sluice("lint", "a.rules", folder=folder, stdout=None, preexec_fn=lambda: os.close(1)).expect(0)


@check
def closed_standard_input_and_error():
    with scratch(a_rules=RULES) as folder:
        sluice("run", "a.rules", folder=folder, preexec_fn=lambda: os.close(0)).expect(2)
        sluice("lint", "a.rules", folder=folder, preexec_fn=lambda: os.close(2)).expect(0)


@check
def full_device():
    with scratch(a_rules=RULES) as folder, open("/dev/full", "wb") as full:
        answer = sluice("run", "--json", "a.rules", folder=folder, chunks=[event(1)], stdout=full).expect(2)
        assert b"cannot write standard output" in answer.stderr, answer.stderr


@check
def reader_that_goes_away():
    with scratch(a_rules=RULES) as folder:
        reading, writing = os.pipe()
        os.close(reading)
        answer = sluice("run", "--json", "a.rules", folder=folder, chunks=[event(n) for n in range(20000)], stdout=writing).expect(2)
        os.close(writing)
        assert answer.stderr == b"", answer.stderr


@check
def folders_that_contain_themselves():
    with scratch(a_rules=RULES) as folder:
        os.symlink(".", os.path.join(folder, "again"))
        os.symlink("a.rules", os.path.join(folder, "b.rules"))
        answer = sluice("lint", ".", "a.rules", "again/again", folder=folder).expect(0)
        assert b"1 file, 2 rules" in answer.stderr, answer.stderr


@check
def file_that_is_too_large():
    with scratch(a_rules=RULES) as folder:
        with open(os.path.join(folder, "b.rules"), "wb") as file:
            file.truncate(1 << 40)
        answer = sluice("lint", "b.rules", folder=folder)
        assert answer.status == 1 and b"error[unreadable-file]" in answer.stderr, answer.stderr[:500]


@check
def rules_that_cannot_be_read():
    if os.geteuid() == 0:
        return  # root reads everything
    with scratch(a_rules=RULES) as folder:
        os.chmod(os.path.join(folder, "a.rules"), 0)
        answer = sluice("lint", "a.rules", folder=folder).expect(2)
        assert b"cannot read a.rules" in answer.stderr, answer.stderr


@check
def formatting_keeps_mode_and_link():
    with scratch(a_rules=RULES) as folder:
        real = os.path.join(folder, "a.rules")
        os.chmod(real, 0o640)
        os.symlink("a.rules", os.path.join(folder, "b.rules"))
        sluice("fmt", "b.rules", folder=folder).expect(0)
        assert os.path.islink(os.path.join(folder, "b.rules"))
        assert os.stat(real).st_mode & 0o777 == 0o640
        assert sorted(os.listdir(folder)) == ["a.rules", "b.rules"]
        sluice("fmt", "--check", "b.rules", folder=folder).expect(0)


@check
def answers_come_before_the_input_ends():
    with scratch(a_rules=RULES) as folder:
        process = subprocess.Popen(
            [SLUICE, "run", "--json", "a.rules"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=folder)
        process.stdin.write(event(7))
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == "7"
        process.stdin.close()
        assert process.wait() == 0
        process.stdout.close()


check.run()
