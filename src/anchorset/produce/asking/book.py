"""What a run knows of how its real users write, measured once: styles to draw from and seeds to show.

What this module does not know: techniques and prompts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import gcd

import numpy as np

from anchorset.core.case import Case, Kind
from anchorset.core.hashing import draw
from anchorset.infra.text.language import identify
from anchorset.infra.text.vocabulary import words
from anchorset.produce.asking.style import Style, by_verbosity, fitting, styles_of
from anchorset.produce.cell import Cell
from anchorset.produce.message import message_of
from anchorset.produce.order import Order

OWN_STYLES = 8
"""Seeds from which a cell's own styles are drawn; with fewer, those of the cells next to it too."""
ANCHORS = 3
ANCHOR = "anchor:"
"""Before the id of a seed, where weights name it."""
_ELSEWHERE = 30
"""Seeds that stand in for a cell with none or few."""
_LEAST_WEIGHT = 0.01
_MOST_VALUES = 50
_GOLDEN = 0.618
_CLEAR = 0.6


@dataclass(frozen=True, slots=True, kw_only=True)
class Sound:
    """One seed as it sounds."""

    seed: Case
    text: str
    """Its message: of a chat the longest user turn, of a record the longest text."""
    style: Style
    language: str | None
    """ISO 639-1; None: not heard clearly."""


@dataclass(frozen=True, kw_only=True)
class StyleBook:
    """The seeds of a run as generators see them, sorted by hash: their order of arrival does not matter."""

    sounds: tuple[Sound, ...] = ()
    kind: Kind = "text"
    """Of most seeds."""
    placeholders: tuple[str, ...] = ()
    """Kinds of placeholder that seeds hold (`NAME`, `ORDER`), most frequent first; at most six."""
    axis_weights: Mapping[str, float] = field(default_factory=dict)
    """Axis -> share of the variance of style that its values explain, 0-1."""
    _by_id: dict[str, Sound] = field(default_factory=dict, repr=False, compare=False)
    _own: dict[str, tuple[Sound, ...]] = field(default_factory=dict, repr=False, compare=False)
    _elsewhere: dict[str, tuple[Sound, ...]] = field(default_factory=dict, repr=False, compare=False)
    _long: dict[int, float] = field(default_factory=dict, repr=False, compare=False)
    _pools: dict[tuple[str, str | None, str | None], tuple[Style, ...]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def own(self, cell: Cell) -> tuple[Sound, ...]:
        """The seeds of a cell that have a message, in the cell's order."""
        if cell.name not in self._own:
            self._own[cell.name] = tuple(sound for seed in cell.seeds if (sound := self.sound(seed)))
        return self._own[cell.name]

    def sound(self, seed: Case) -> Sound | None:
        """None: it has no message, or is no seed of this book."""
        return self._by_id.get(seed.id)

    def elsewhere(self, values: Mapping[str, str]) -> tuple[Sound, ...]:
        """The thirty seeds nearest to a cell, for one that has none, or few, of its own.

        Values that go with how people write (`axis_weights`) count for more than those that go with what they say.
        """
        key = repr(sorted(values.items()))
        if key not in self._elsewhere:
            near = sorted(self.sounds, key=lambda sound: -self._shared(sound.seed, values)) if values else self.sounds
            self._elsewhere[key] = tuple(near[:_ELSEWHERE])
        return self._elsewhere[key]

    def styles(self, order: Order, language: str | None) -> tuple[Style, ...]:
        """The styles that take turns for an order: of its cell's seeds, or of the nearest where those are few.

        Of one language where enough seeds are in it, of the persona's kind where it has one. First words stay out in a
        language that no seed is in.
        """
        persona = order.persona
        key = (order.cell.name, language, persona.line() if persona else None)
        if key not in self._pools:
            own = self.own(order.cell)
            pool: Sequence[Sound] = own if len(own) >= OWN_STYLES else self.elsewhere(order.brief.values)
            if language is not None:
                heard = [sound for sound in pool if sound.language == language]
                foreign = not heard
                pool = heard if len(heard) >= OWN_STYLES else pool
            else:
                foreign = False
            styles = [_without_words(sound.style) if foreign else sound.style for sound in pool]
            if persona is not None:
                styles = fitting(by_verbosity(styles, persona), persona)
            self._pools[key] = tuple(styles)
        return self._pools[key]

    def _shared(self, seed: Case, values: Mapping[str, str]) -> float:
        return sum(
            _LEAST_WEIGHT + self.axis_weights.get(axis, 0.0)
            for axis, value in values.items()
            if str(seed.metadata.get(axis)) == value
        )

    def long(self, styles: tuple[Style, ...]) -> float:
        """Words of a rather long message (third quartile) among styles of this book; 30 when there are none."""
        if id(styles) not in self._long:
            words = sorted((style.length or 0) / (1 if style.unit == "words" else 2) for style in styles) or [30.0]
            self._long[id(styles)] = words[int(0.75 * (len(words) - 1))]
        return self._long[id(styles)]


def stylebook(seeds: Sequence[Case]) -> StyleBook:
    """The book of these seeds; an empty one without seeds. 10,000 short seeds take about a second."""
    told = sorted(
        ((seed.id, seed.content, seed, message[0]) for seed in seeds if (message := message_of(seed))),
        key=lambda one: (draw("sound", one[0]), one[1], repr(sorted(one[2].metadata.items()))),
    )
    texts = [text for *_, text in told]
    sounds = tuple(
        Sound(seed=seed, text=text, style=style, language=language.code if language.confidence >= _CLEAR else None)
        for (_, _, seed, text), style, language in zip(told, styles_of(texts), identify(texts), strict=True)
    )
    kinds = [sound.seed.kind for sound in sounds]
    return StyleBook(
        sounds=sounds,
        kind=max(sorted(set(kinds)), key=kinds.count) if kinds else "text",
        placeholders=_placeholders(texts),
        axis_weights=axis_weights(sounds),
        _by_id={sound.seed.id: sound for sound in sounds},
    )


def axis_weights(sounds: Sequence[Sound]) -> dict[str, float]:
    """Axis -> how far its values tell how a message is written, 0-1: adjusted eta squared, the mean over seven traits.

    Kelley (1935), An unbiased correlation ratio measure: 1 - (1 - η²)(n - 1) / (n - k), floored at 0.
    """
    if not sounds:
        return {}
    traits = np.array([_traits(sound.style) for sound in sounds], float)
    total = ((traits - traits.mean(axis=0)) ** 2).sum(axis=0)
    found = {}
    for axis in sorted({axis for sound in sounds for axis in sound.seed.metadata}):
        rows: dict[str, list[int]] = {}
        for row, sound in enumerate(sounds):
            rows.setdefault(str(sound.seed.metadata.get(axis)), []).append(row)
        n, k = len(sounds), len(rows)
        if not 1 < k <= _MOST_VALUES or n <= k:
            continue
        within = sum(((traits[some] - traits[some].mean(axis=0)) ** 2).sum(axis=0) for some in rows.values())
        unexplained = np.divide(within, total, out=np.ones_like(total), where=total > 0) * (n - 1) / (n - k)
        found[axis] = float(np.maximum(0.0, 1 - unexplained).mean())
    return found


def _traits(style: Style) -> tuple[float, ...]:
    return (
        np.log1p(style.length or 0), style.capitals == "lower", style.capitals == "upper", style.polite,
        style.greets, style.marks, style.ends == "",
    )  # fmt: skip


def in_turn(start: int, n: int, turn: int) -> int:
    """Position `turn` of a walk through `n` places that visits each once before any twice, in no plain order."""
    step = max(1, round(n * _GOLDEN))
    while gcd(step, n) != 1:
        step += 1
    return (start + turn * step) % n


def anchors_for(order: Order, book: StyleBook, turn: int) -> tuple[tuple[Sound, ...], bool]:
    """(up to three seeds to show, whether they are of this very cell). They rotate with `turn`: each once before any
    twice, neighbours in the cell's own order, which goes group by group. One whose company reviewers reject
    (`Order.weights`) lets the next one go before it now and then, as its weight says.
    """
    own = book.own(order.cell)
    pool = own or book.elsewhere(order.brief.values)
    if not pool:
        return (), True
    start = draw(order.random_seed, order.brief.id, "anchors") + turn * ANCHORS
    count = min(ANCHORS, len(pool))
    turns = [pool[(start + at) % len(pool)] for at in range(len(pool) if order.weights else count)]
    picked = [sound for sound in turns if _taken(sound, order, turn)] if order.weights else turns
    picked += [sound for sound in turns if sound not in picked][: max(0, count - len(picked))]
    return tuple(picked[:count]), bool(own)


def _taken(sound: Sound, order: Order, turn: int) -> bool:
    weight = order.weights.get(ANCHOR + sound.seed.id, 1.0)
    return weight >= 1 or draw(order.random_seed, order.brief.id, "heed", turn, sound.seed.id) % 1000 < 1000 * weight


def _without_words(style: Style) -> Style:
    return Style(**{name: getattr(style, name) for name in Style.__slots__ if name != "opening"})


def _placeholders(texts: Sequence[str]) -> tuple[str, ...]:
    counts: dict[str, int] = {}
    for text in texts:
        if "[" in text:
            for word in set(words(text)):
                if word.startswith("["):
                    counts[word[1:-1].upper()] = counts.get(word[1:-1].upper(), 0) + 1
    return tuple(sorted(counts, key=lambda kind: (-counts[kind], kind))[:6])
