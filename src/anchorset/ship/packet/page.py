"""The packet as one self-contained page for A4 and for a screen.

What this module does not know: how anything was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from markupsafe import Markup

from anchorset.core.numbers import share
from anchorset.infra.html.page import Section, fragment, page
from anchorset.infra.html.plots import Interval, forest
from anchorset.ship.packet.packet import Packet, shown

_TEMPLATES = Path(__file__).with_name("templates")
LOW, HIGH = 0.65, 0.85
"""The band in which survival is healthy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows of a version by two axes."""

    down: str
    across: str
    columns: Sequence[str]
    rows: Mapping[str, Sequence[int]]


def html(packet: Packet, *, back: tuple[str, str] | None = None, rest: str | None = None) -> str:
    """The whole page. `back`: (address, words) of a link to where it was opened from. `rest`: where all rows are."""
    manifest = packet.manifest
    proved = not packet.problems
    synthetic = len(manifest.rows) - sum(manifest.by_bucket.get(name, 0) for name in ("seed", "regression", "golden"))
    facts = [
        f"digest {manifest.digest}",
        f"made {manifest.made_at}: {manifest.why}; owner {manifest.owner or 'nobody is named'}; "
        f"licence {manifest.licence or 'not stated'}",
        f"this packet was put together {packet.at}",
        *(f"{name} cases are counted, and not shown to you" for name in packet.hidden),
        *packet.stale,
    ]
    return page(
        title=f"Audit packet: {manifest.ref}",
        verdict=f"{len(manifest.rows):,} cases, {'proved' if proved else 'NOT as they were shipped'}"
        + (f"; {manifest.unreviewed:,} unreviewed" if manifest.unreviewed else ""),
        tone="bad" if not proved else "caution" if manifest.unreviewed else "good",
        lead=f"{manifest.by_bucket.get('seed', 0):,} seeds in {manifest.seed_groups:,} groups anchor this version; "
        f"{synthetic:,} synthetic cases widen what it covers and anchor nothing.",
        sections=list(_sections(packet, rest)), facts=facts, back=back,
    )  # fmt: skip


def _sections(packet: Packet, rest: str | None) -> Iterator[Section]:
    if packet.problems:
        yield Section(title="What is not as it was shipped", body=_fill("lines.html.j2", lines=packet.problems))
    yield Section(title="From log to version", body=_fill("stages.html.j2", stages=packet.stages, about=packet.about))
    yield Section(title="How the rows were chosen", body=_chosen(packet))
    yield Section(title="Review", body=_review(packet))
    yield Section(title="Runs and outcomes", body=_fill("runs.html.j2", runs=packet.runs, outcomes=packet.outcomes))
    yield Section(
        title="Timeline", body=_fill("timeline.html.j2", days=_days(packet), earlier=packet.earlier)
    )  # fmt: skip
    yield Section(title="Synthetic and real, side by side", body=_pairs(packet, rest))


def _chosen(packet: Packet) -> Markup:
    manifest = packet.manifest
    total = max(1, len(manifest.rows))
    rows = [(name, round(one.got * total), one.got, one.wanted, one.available) for name, one in manifest.mix.items()]
    return _fill("chosen.html.j2", manifest=manifest, rows=rows, grid=_grid(manifest.by_cell))


def _grid(cells: Mapping[str, int]) -> Grid | None:
    """Cells of two axes as rows and columns; None where there are none, or not two."""
    named = {tuple(part.partition("=")[2] for part in cell.split(",")): n for cell, n in cells.items()}
    axes = {tuple(part.partition("=")[0] for part in cell.split(",")) for cell in cells}
    if len(axes) != 1 or len(next(iter(axes))) != 2 or len(named) != len(cells):
        return None
    down, across = next(iter(axes))
    columns = sorted({name[1] for name in named})
    rows = {row: [named.get((row, column), 0) for column in columns] for row in sorted({name[0] for name in named})}
    return Grid(down=down, across=across, columns=columns, rows=rows)


def _review(packet: Packet) -> Markup:
    drawn = [(name, one) for name, one in packet.survival if one["rate"] is not None]
    plot = forest(
        [
            Interval(
                label=name, value=100 * one["rate"], low=100 * one["low"], high=100 * one["high"],
                band_low=100 * LOW, band_high=100 * HIGH, note=f"{one['kept']:,} of {one['kept'] + one['rejected']:,}",
                tone="bad" if one["high"] < LOW else "caution" if one["low"] > HIGH else "good",
            )
            for name, one in drawn
        ],
        low=0.0, high=100.0, form=lambda value: f"{value:g} %",
        says="Share of candidates that reviewers kept, with 95 % intervals: "
        + "; ".join(f"{name} {share(one['rate'])}" for name, one in drawn),
    )  # fmt: skip
    return _fill("review.html.j2", packet=packet, plot=plot if drawn else None)


def _days(packet: Packet) -> list[tuple[str, list[object]]]:
    return [(day, list(rows)) for day, rows in groupby(packet.timeline, key=lambda one: one.day)]


def _pairs(packet: Packet, rest: str | None) -> Markup:
    cells = [
        (
            cell,
            [
                {
                    "pair": one, "synthetic": shown(one.synthetic) if one.synthetic else None,
                    "real": shown(one.real) if one.real else None,
                }
                for one in rows
            ],
        )
        for cell, rows in groupby(packet.sampled.pairs, key=lambda one: one.cell)
    ]  # fmt: skip
    return _fill("pairs.html.j2", cells=cells, rule=packet.sampled.rule, rest=rest, ref=packet.manifest.ref)


def _fill(name: str, **values: object) -> Markup:
    return fragment(_TEMPLATES / name, **values)
