"""Draws what decide.py --json measured: time per event over the number of rules, both
axes logarithmic, as an SVG.

usage: chart.py MEASURED.json > docs/speed.svg
"""

import json
import math
import sys

WIDTH, HEIGHT = 720, 420
LEFT, RIGHT, TOP, BOTTOM = 80, 170, 48, 56  # around the plot, pixels
LINES = [("decide_ns_per_event", "whole decision", "#1f6feb"), ("find_ns_per_event", "find the winner", "#1a7f37"),
         ("chain_ns", "chain of ifs, gcc -O2", "#cf222e")]


class Axis:
    """From values to pixels, a decade at a time."""

    def __init__(self, values, first_pixel, last_pixel):
        self.low, self.high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
        self.first, self.last = first_pixel, last_pixel

    def at(self, value):
        part = (math.log10(value) - self.low) / (self.high - self.low)
        return self.first + part * (self.last - self.first)

    def decades(self):
        return [10 ** power for power in range(self.low, self.high + 1)]


def duration(nanoseconds):
    for least, unit in ((1e6, "ms"), (1e3, "µs"), (1, "ns")):
        if nanoseconds >= least:
            return f"{nanoseconds / least:g} {unit}"
    return f"{nanoseconds:g} ns"


def text(x, y, words, anchor="start", colour="#24292f"):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}">{words}</text>'


def stroke(x1, y1, x2, y2):
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="#d0d7de"/>'


def grid(across, up):
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for value in across.decades():
        yield stroke(across.at(value), TOP, across.at(value), bottom)
        yield text(across.at(value), bottom + 18, f"{value:,}", "middle")
    for value in up.decades():
        yield stroke(LEFT, up.at(value), right, up.at(value))
        yield text(LEFT - 8, up.at(value) + 4, duration(value), "end")
    yield text((LEFT + right) / 2, HEIGHT - 14, "rules", "middle")
    yield text(LEFT, TOP - 20, "CPU time per event")


def line(rows, name, label, colour, across, up):
    points = [(across.at(row["rules"]), up.at(row[name])) for row in rows if row[name] is not None]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>'
    for x, y in points:
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>'
    yield text(points[-1][0] + 8, points[-1][1] + 4, label, colour=colour)


def chart(rows):
    across = Axis([row["rules"] for row in rows], LEFT, WIDTH - RIGHT)
    up = Axis([row[name] for name, _, _ in LINES for row in rows if row[name] is not None], HEIGHT - BOTTOM, TOP)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
             ' font-size="13">', "<title>CPU time per event, by the number of rules</title>",
             f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>', *grid(across, up)]
    for name, label, colour in LINES:
        parts += line(rows, name, label, colour, across, up)
    return "\n".join([*parts, "</svg>"])


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as measured:
        print(chart(json.load(measured)))
