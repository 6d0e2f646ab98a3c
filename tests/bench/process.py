"""Whole processes over one file of events: `sluice run --json` beside `jq` that prints one field, and beside the
same rules as a chain of ifs in JavaScript (node), which reads the same lines and prints the same winners.

Every winner is compared first. Then each runs a few times in turn; the medians of CPU time (user and system) and
of time by the clock are printed, and sluice's throughput as a multiple of the others'.

usage: process.py SLUICE [--events N] [--rules N] [--rounds N] [--jobs N] [--json FILE]
Needs jq and node (Debian's nodejs), which nothing else here does.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

import generate

EVENT_BYTES = 2900
FIELD = ".conversation.id"
STORED = 2000  # different events; the file repeats them, as traffic repeats its shapes

# What a chat service's webhook carries besides what rules look at.
PART = {"type": "conversation_part", "id": "269650473", "part_type": "comment", "created_at": 1763690000,
        "updated_at": 1763690000, "notified_at": 1763690000, "assigned_to": None, "attachments": [], "redacted": False,
        "author": {"type": "user", "id": "6762f0851bb69f9f2193bae4", "name": "Ada Lovelace", "email": "ada@example.com"},
        "body": "<p>Hello, <b>could</b> you tell me whether the invoice can be sent to a colleague?</p>"}
EXTRA = {"type": "notification_event", "app_id": "a86dr8yl", "delivery_attempts": 1, "first_sent_at": 1763700000,
         "links": {"conversation_web": "https://app.example.com/a/apps/a86dr8yl/conversations/215469"},
         "statistics": {"time_to_assignment": None, "count_reopens": 0, "first_contact_reply_at": 1763690000},
         "parts": {"total_count": 1, "items": []}, "open": True, "read": False, "priority": "not_priority"}

NODE_HEAD = """const fs = require('fs');
const lower = text => typeof text === 'string' ? text.toLowerCase() : undefined;
const has = (e, tag) => e.tags.includes(tag);
"""
NODE_MAIN = """
function winner(line) {
  const event = JSON.parse(line);
  const company = event.company || {}, contact = event.contact || {}, conversation = event.conversation || {};
  const lead = event.lead || {}, page = event.page || {};
  const e = {size: company.size, company: lower(company.name), score: lead.score, visits: lead.visits,
             plan: lower(lead.plan), country: lower(contact.country), email: lower(contact.email),
             name: contact.name, path: lower(page.path), prompted: conversation.prompted,
             tags: (conversation.tags || []).map(lower)};
  const number = decide(e);
  return JSON.stringify({id: event.id, event: event.event, decisions: [number < 0
    ? {ruleset: 'Generated', rule: null, actions: []}
    : {ruleset: 'Generated', rule: 'Rule ' + number,
       actions: [{do: 'intercom.tag', args: {tag: 'Tag ' + number % 100}}]}]}) + '\\n';
}
const input = fs.openSync(process.argv[2]), chunk = Buffer.alloc(1 << 20);
let rest = Buffer.alloc(0), out = [], size = 0;
for (let got; (got = fs.readSync(input, chunk)) > 0;) {
  const bytes = rest.length ? Buffer.concat([rest, chunk.subarray(0, got)]) : chunk.subarray(0, got);
  let start = 0;
  for (let end; (end = bytes.indexOf(10, start)) >= 0; start = end + 1) {
    const line = winner(bytes.toString('utf8', start, end));
    out.push(line);
    if ((size += line.length) > 65536) { fs.writeSync(1, out.join('')); out = []; size = 0; }
  }
  rest = Buffer.from(bytes.subarray(start));
}
fs.writeSync(1, out.join(''));
"""
CHUNK = 200  # rules of one function: V8 leaves long ones to its interpreter


def condition(kind, value):
    if isinstance(value, str):
        value = value.lower()
    quote = json.dumps
    return {"size": lambda: f"e.size >= {value[0]} && e.size <= {value[1]}",
            "score": lambda: f"e.score >= {value}",
            "visits": lambda: f"e.visits < {value}",
            "country": lambda: "(" + " || ".join(f"e.country === {quote(one.lower())}" for one in value) + ")",
            "has": lambda: f"has(e, {quote(value)})",
            "none": lambda: " && ".join(f"!has(e, {quote(one)})" for one in value),
            "email": lambda: f"e.email !== undefined && e.email.endsWith({quote(value)})",
            "path": lambda: f"e.path !== undefined && e.path.startsWith({quote(value)})",
            "plan": lambda: f"e.plan === {quote(value)}",
            "company": lambda: f"e.company === {quote(value)}",
            "known": lambda: "e.name !== undefined && e.name !== null",
            "prompted": lambda: "e.prompted === true" if value else "(e.prompted === undefined || e.prompted === null)"}[kind]()


def node_program(workload):
    lines = [NODE_HEAD]
    chunks = range(0, len(workload.rules), CHUNK)
    for first in chunks:
        lines.append(f"function chunk{first}(e) {{")
        for number, rule in enumerate(workload.rules[first:first + CHUNK], first):
            lines.append(f"  if ({' && '.join(condition(*one) for one in rule)}) return {number};")
        lines.append("  return -1;\n}")
    lines.append("function decide(e) {\n  let found = -1;")
    lines += [f"  if ((found = chunk{first}(e)) >= 0) return found;" for first in chunks]
    return "\n".join(lines) + "\n  return -1;\n}" + NODE_MAIN


def event_line(workload, event, number):
    """The event with as much around it as makes it 2.9 KB."""
    shape = json.loads(workload.delivery(event, number))
    shape["webhook"] = json.loads(json.dumps(EXTRA))
    parts = shape["webhook"]["parts"]["items"]
    while True:
        text = json.dumps(shape, separators=(",", ":"))
        if len(text) + 450 > EVENT_BYTES:
            break
        parts.append(PART)
    shape["webhook"]["note"] = "x" * max(0, EVENT_BYTES - len(text) - 10)
    return json.dumps(shape, separators=(",", ":")) + "\n"


def write_events(path, workload, count):
    lines = [event_line(workload, event, number) for number, event in enumerate(workload.events(min(count, STORED)))]
    with open(path, "w", encoding="utf-8") as out:
        for first in range(0, count, len(lines)):
            out.writelines(lines[:count - first])


def run(command):
    """CPU seconds and seconds by the clock of a process whose output goes to /dev/null."""
    start = time.monotonic()
    with open(os.devnull, "wb") as out:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out)
        _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{command[0]}: exit status {process.returncode}")
    return usage.ru_utime + usage.ru_stime, time.monotonic() - start


def rules_of(command, head):
    """The winners that it prints."""
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    names = [json.loads(line)["decisions"][0]["rule"] for line, _ in zip(process.stdout, range(head))]
    process.communicate()  # the rest, so that it ends as always
    return names


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("sluice")
    parser.add_argument("--events", type=int, default=100000)
    parser.add_argument("--rules", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json")
    options = parser.parse_args()
    workload = generate.FollowUp(options.rules)
    with tempfile.TemporaryDirectory() as folder:
        paths = {name: os.path.join(folder, name) for name in ("a.rules", "events.ndjson", "chain.js")}
        with open(paths["a.rules"], "w", encoding="utf-8") as out:
            out.write(workload.text())
        with open(paths["chain.js"], "w", encoding="utf-8") as out:
            out.write(node_program(workload))
        write_events(paths["events.ndjson"], workload, options.events)
        sluice = [options.sluice, "run", paths["a.rules"], "--events", paths["events.ndjson"], "--json"]
        node = ["node", paths["chain.js"], paths["events.ndjson"]]
        wrong = sum(one != other for one, other in zip(rules_of(sluice, STORED), rules_of(node, STORED)))
        commands = {"sluice": sluice, f"sluice --jobs {options.jobs}": [*sluice, "--jobs", str(options.jobs)],
                    f"jq -c {FIELD}": ["jq", "-c", FIELD, paths["events.ndjson"]], "node, chain of ifs": node}
        times = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                times[name].append(run(command))
        size = os.path.getsize(paths["events.ndjson"])
    rows = [{"name": name, "cpu_s": statistics.median(cpu for cpu, _ in both),
             "clock_s": statistics.median(clock for _, clock in both)} for name, both in times.items()]
    print(f"{options.events} events, {size / 1e6:.0f} MB, {options.rules} rules; {wrong} winners differ from the chain's")
    print(f"{'':>20} {'CPU s':>8} {'clock s':>8} {'MB/s':>7}  sluice's throughput (CPU, clock; --jobs {options.jobs}: clock)")
    for row in rows:
        beside = (f"{row['cpu_s'] / rows[0]['cpu_s']:8.1f} {row['clock_s'] / rows[0]['clock_s']:8.1f}"
                  f" {row['clock_s'] / rows[1]['clock_s']:8.1f}")
        print(f"{row['name']:>20} {row['cpu_s']:>8.2f} {row['clock_s']:>8.2f} {size / 1e6 / row['clock_s']:>7.0f}  {beside}")
    if options.json:
        with open(options.json, "w", encoding="utf-8") as out:
            json.dump({"events": options.events, "rules": options.rules, "bytes": size, "rows": rows}, out, indent=1)
            out.write("\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
