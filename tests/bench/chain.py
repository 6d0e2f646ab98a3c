"""The same rules as a chain of ifs in C, and the same events as its data.

The fields are decoded and folded already; a text that is missing has length -1.
"""

STRINGS = ["company", "country", "email", "path", "name", "plan"]

HEAD = """#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct text { const char *bytes; int length; };
struct event { double size, score, visits; struct text company, country, email, path, name, plan;
               int prompted; int tag_count; const struct text *tags; };

static int is(struct text text, const char *bytes, int length) {
    return text.length == length && memcmp(text.bytes, bytes, (size_t)length) == 0;
}
static int starts(struct text text, const char *bytes, int length) {
    return text.length >= length && memcmp(text.bytes, bytes, (size_t)length) == 0;
}
static int ends(struct text text, const char *bytes, int length) {
    return text.length >= length && memcmp(text.bytes + text.length - length, bytes, (size_t)length) == 0;
}
static int has(const struct event *e, const char *bytes, int length) {
    for (int i = 0; i < e->tag_count; i++) {
        if (is(e->tags[i], bytes, length)) { return 1; }
    }
    return 0;
}
"""

MAIN = """
int main(int count, char **words) {
    double best = 1e18;
    (void)count;
    FILE *out = fopen(words[1], "w");
    for (int i = 0; i < EVENTS; i++) { fprintf(out, "%d\\n", decide(&events[i])); }
    fclose(out);
    volatile int sink = 0;
    for (int round = 0; round < 5; round++) {
        int repeats = REPEATS;
        clock_t start = clock();
        for (int repeat = 0; repeat < repeats; repeat++) {
            for (int i = 0; i < EVENTS; i++) { sink += decide(&events[i]); }
        }
        double nanoseconds = (double)(clock() - start) / CLOCKS_PER_SEC * 1e9 / repeats / EVENTS;
        best = nanoseconds < best ? nanoseconds : best;
    }
    printf("%.2f\\n", best);
    return 0;
}
"""
CHUNK = 500  # rules of one function: gcc is slow on long ones


def literal(text):
    return f'"{text}", {len(text)}'


def condition(kind, value):
    if isinstance(value, str):
        value = value.lower()
    return {"size": lambda: f"e->size >= {value[0]} && e->size <= {value[1]}",
            "score": lambda: f"e->score >= {value}",
            "visits": lambda: f"e->visits < {value}",
            "country": lambda: "(" + " || ".join(f"is(e->country, {literal(one.lower())})" for one in value) + ")",
            "has": lambda: f"has(e, {literal(value)})",
            "none": lambda: " && ".join(f"!has(e, {literal(one)})" for one in value),
            "email": lambda: f"ends(e->email, {literal(value)})",
            "path": lambda: f"starts(e->path, {literal(value)})",
            "plan": lambda: f"is(e->plan, {literal(value)})",
            "company": lambda: f"is(e->company, {literal(value)})",
            "known": lambda: "e->name.length >= 0",
            "prompted": lambda: "e->prompted == 1" if value else "e->prompted < 0"}[kind]()


def event_data(event):
    texts = ", ".join("{" + (literal(event[name].lower()) if name in event else '"", -1') + "}" for name in STRINGS)
    tags = ", ".join("{" + literal(tag) + "}" for tag in event["tags"]) or '{"", 0}'
    prompted = int(event["prompted"]) if "prompted" in event else -1
    return (f"{{{event['size']}, {event['score']}, {event['visits']}, {texts}, {prompted}, {len(event['tags'])}, "
            f"(const struct text[]){{{tags}}}}}")


def program(workload, events, repeats):
    """The C file: prints nanoseconds per event, writes the winners to its argument."""
    lines = [HEAD]
    chunks = range(0, len(workload.rules), CHUNK)
    for first in chunks:
        lines.append(f"static int chunk_{first}(const struct event *e) {{")
        for number, rule in enumerate(workload.rules[first:first + CHUNK], first):
            lines.append(f"    if ({' && '.join(condition(*one) for one in rule)}) {{ return {number}; }}")
        lines.append("    return -1;\n}")
    lines.append("static __attribute__((noinline)) int decide(const struct event *e) {\n    int found = -1;")
    lines += [f"    if (found < 0) {{ found = chunk_{first}(e); }}" for first in chunks]
    lines.append("    return found;\n}")
    lines.append("static const struct event events[] = {\n" + ",\n".join(map(event_data, events)) + "};")
    return "\n".join(lines) + MAIN.replace("EVENTS", str(len(events))).replace("REPEATS", str(repeats))
