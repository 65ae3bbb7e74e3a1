"""What was measured, as a section of docs/performance.md and a plot."""

import math
from collections.abc import Iterable, Iterator
from pathlib import Path
from statistics import median
from typing import Any

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
BEGIN, END = "<!-- what make bench writes -->", "<!-- end of what make bench writes -->"
LISTS = ("list", "order", "filter", "three filters", "deep page", "common word", "rare word", "exact words", "word and filters",
         "name, another script", "name and year", "search", "days", "facet", "suggestion")  # fmt: skip
COLOURS = ("#9b1c31", "#1f5f8b", "#3f7d3a", "#8a5a00", "#6a4c93", "#008080", "#b34700", "#555555")


def ordered(kept: dict[str, Any]) -> list[str]:
    return sorted(kept, key=int)


def failures(kept: dict[str, Any], sizes: Iterable[int]) -> list[str]:
    return [
        f"{size:,}: {name} answered {one['status'] or 'nothing'}"
        for size in sizes
        for name, one in kept[str(size)]["pages"].items()
        if one["status"] != 200 or one.get("conditional_status", 304) != 304
    ]


def write(kept: dict[str, Any]) -> None:
    page = DOCS / "performance.md"
    before, _begin, rest = page.read_text().partition(BEGIN)
    _old, _end, after = rest.partition(END)
    page.write_text(f"{before}{BEGIN}\n\n{section(kept)}\n{END}{after}")
    (DOCS / "images" / "pages.svg").write_text(plot(kept))


def section(kept: dict[str, Any]) -> str:
    lines = [
        "### Against the aims",
        "",
        *aims(kept),
        "",
        "![The median time of a page by the number of quotations](images/pages.svg)",
        "",
    ]
    if wrong := failures(kept, map(int, kept)):
        lines += [
            "### Failures",
            "",
            "These addresses gave no page, and are in no figure:",
            "",
            *(f"- {line.replace(': ', ': `', 1).replace(' answered', '` answered')}" for line in wrong),
            "",
        ]
    largest = ordered(kept)[-1]
    lines += [f"### Each address, {int(largest):,} quotations", "", *table(kept)]
    return "\n".join(lines) + "\n"


def answered(kept: dict[str, Any], size: str, kinds: Iterable[str] | None = None) -> dict[str, Any]:
    return {
        name: one
        for name, one in kept[size]["pages"].items()
        if "p50" in one and (kinds is None or one["kind"] in kinds)
    }


def aims(kept: dict[str, Any]) -> Iterator[str]:
    sizes = ordered(kept)
    yield "| aim | " + " | ".join(f"{int(size):,}" for size in sizes) + " |"
    yield "| --- |" + " ---: |" * len(sizes)

    def row(title: str, cell: Any) -> str:
        return f"| {title} | " + " | ".join(cell(size) for size in sizes) + " |"

    def share(size: str, field: str, part: float) -> str:
        times = sorted(
            ms
            for one in answered(kept, size, LISTS).values()
            for ms in (one[field] if isinstance(one[field], list) else [one[field]])
        )
        return f"{times[min(len(times) - 1, int(part * len(times)))]:.1f}" if times else "–"

    yield row("lists and search, cold, median, ms", lambda size: share(size, "cold", 0.5))
    yield row("lists and search, cold, p95, ms (60 at most)", lambda size: share(size, "cold", 0.95))
    yield row("lists and search, warm, median, ms", lambda size: share(size, "p50", 0.5))
    yield row("lists and search, warm, p95, ms (15 at most)", lambda size: share(size, "p95", 0.95))
    yield row("times the smallest archive, median of addresses (2 at most)", lambda size: growth(kept, size))
    yield row("deep page, times the first page (1.5 at most)", lambda size: deep(kept, size))
    yield row("naive way, times the page, median", lambda size: ratio(kept, size, "naive", "least"))
    yield row("page, times its floor, median", lambda size: ratio(kept, size, "least", "floor"))
    yield row(
        "304, part of the page's time (0.1 at most)", lambda size: ratio(kept, size, "conditional", "p50")
    )
    yield row(
        "most queries of a page (12 at most)",
        lambda size: str(max(one["queries"] for one in answered(kept, size).values())),
    )
    yield row("largest process, MB (512 at most)", lambda size: f"{kept[size]['memory']:.0f}")
    yield row("load of the machine (2 processors) at the end", lambda size: f"{kept[size]['load']:.1f}")
    yield row("addresses that gave no page", lambda size: str(len(failures(kept, [int(size)]))))


def growth(kept: dict[str, Any], size: str) -> str:
    first, here = answered(kept, ordered(kept)[0], LISTS), answered(kept, size, LISTS)
    found = [here[name]["p50"] / first[name]["p50"] for name in here if name in first]
    return f"{median(found):.1f}" if found else "–"


def deep(kept: dict[str, Any], size: str) -> str:
    here = answered(kept, size)
    pairs = [
        (one, here.get("/meetings/" if name.startswith("/meetings") else "/quotations/"))
        for name, one in here.items()
        if one["kind"] == "deep page"
    ]
    found = [one["p50"] / first["p50"] for one, first in pairs if first]
    return f"{max(found):.1f}" if found else "–"


def ratio(kept: dict[str, Any], size: str, over: str, under: str) -> str:
    found = [
        one[over] / one[under] for one in answered(kept, size).values() if over in one and one.get(under)
    ]
    return f"{median(found):.2f}" if found else "–"


def table(kept: dict[str, Any]) -> Iterator[str]:
    sizes = ordered(kept)
    smallest, largest = sizes[0], sizes[-1]
    yield (
        "| kind | address | cold, ms | least, ms | p50, ms | p95, ms | queries | rows read | times floor | naive, times | 304, ms"
        f" | p50 at {int(smallest):,} |"
    )
    yield "| --- | --- |" + " ---: |" * 10
    for name, one in kept[largest]["pages"].items():
        shown = f"| {one['kind']} | `{name}` |"
        if "p50" not in one:
            yield f"{shown} answered {one['status'] or 'nothing'} |" + " |" * 9
            continue
        floor = f"{one['least'] / one['floor']:.1f}" if one.get("floor") else ""
        naive = (
            f"{'> ' if one.get('naive_cut') else ''}{one['naive'] / one['least']:.1f}"
            if "naive" in one
            else ""
        )
        conditional = f"{one['conditional']:.1f}" if "conditional" in one else ""
        small = kept[smallest]["pages"].get(name, {}).get("p50")
        yield (
            f"{shown} {max(one['cold']):.1f} | {one['least']:.1f} | {one['p50']:.1f} | {one['p95']:.1f} | {one.get('queries', '')} | {one.get('rows', 0):,} | {floor}"
            f" | {naive} | {conditional} | {f'{small:.1f}' if small else ''} |"
        )


def plot(kept: dict[str, Any]) -> str:
    """The median of the warm times of each kind of page, by size, of the addresses that gave a page at every size; both axes by powers of
    ten."""
    sizes = ordered(kept)
    everywhere = set.intersection(*(set(answered(kept, size)) for size in sizes))
    kept = {
        size: {"pages": {name: one for name, one in kept[size]["pages"].items() if name in everywhere}}
        for size in sizes
    }
    kinds = list(dict.fromkeys(one["kind"] for one in kept[sizes[-1]]["pages"].values()))
    lines = {}
    for kind in kinds:
        points = [
            (int(size), median(one["p50"] for one in found.values()))
            for size in sizes
            if (found := answered(kept, size, [kind]))
        ]
        if points:
            lines[kind] = points
    naive = [
        (int(size), median(found))
        for size in sizes
        if (found := [one["naive"] for one in answered(kept, size).values() if "naive" in one])
    ]
    values = [ms for points in [*lines.values(), naive] for _size, ms in points] or [1.0]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)
    left, top, width, height = 60, 20, 420, 320
    first, last = math.log10(int(sizes[0])), math.log10(int(sizes[-1]))

    def x(size: int) -> float:
        return left + (width * (math.log10(size) - first) / (last - first) if last > first else width / 2)

    def y(ms: float) -> float:
        return top + height * (high - math.log10(ms)) / max(high - low, 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 {max(400, 60 + 20 * len(lines))}" font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="#fff"/>',
    ]
    for power in range(low, high + 1):
        out.append(
            f'<path d="M{left} {y(10**power):.1f}h{width}" stroke="#ddd"/><text x="{left - 6}" y="{y(10**power) + 4:.1f}" text-anchor="end">{f"{10**power:g} ms" if power < 3 else f"{10 ** (power - 3):g} s"}</text>'
        )
    for size in map(int, sizes):
        out.append(f'<text x="{x(size):.1f}" y="{top + height + 20}" text-anchor="middle">{size:,}</text>')
    out.append(f'<text x="{left + width / 2}" y="{top + height + 42}" text-anchor="middle">quotations</text>')
    drawn = [
        (kind, points, COLOURS[n % len(COLOURS)], "6 3" if n >= len(COLOURS) else "")
        for n, (kind, points) in enumerate(lines.items())
    ]
    drawn.append(("naive way", naive, "#000", "1 3"))
    for n, (kind, points, colour, dash) in enumerate(drawn):
        way = "L".join(f"{x(size):.1f} {y(ms):.1f}" for size, ms in points)
        out.append(
            f'<path d="M{way}" fill="none" stroke="{colour}" stroke-width="1.6" stroke-dasharray="{dash}"/>'
        )
        out += [
            f'<circle cx="{x(size):.1f}" cy="{y(ms):.1f}" r="2.4" fill="{colour}"/>' for size, ms in points
        ]
        out.append(
            f'<path d="M500 {26 + 18 * n}h24" stroke="{colour}" stroke-width="1.6" stroke-dasharray="{dash}"/><text x="530" y="{30 + 18 * n}">{kind}</text>'
        )
    return "\n".join([*out, "</svg>"]) + "\n"
