"""Orders become requests: how many candidates in each, whose turn it is, and what every prompt is told.

Everything that is drawn hangs on (random seed, brief, number of the attempt): never on time or on the
order of seeds.
What this module does not know: answers, and who sends a request.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from anchorset.core.ask import Ask, Shape
from anchorset.core.case import Case
from anchorset.core.errors import UsageError, nearest
from anchorset.core.hashing import draw
from anchorset.core.inert import fenced, short
from anchorset.core.provenance import Observed
from anchorset.infra.text.vocabulary import content_words
from anchorset.produce.asking.book import Sound, StyleBook, anchors_for, in_turn
from anchorset.produce.asking.items import form, item_type
from anchorset.produce.asking.languages import language_name
from anchorset.produce.asking.paraphrase import PARAPHRASE
from anchorset.produce.asking.persona import LONGEST, PERSONA
from anchorset.produce.asking.prompted import PROMPTED
from anchorset.produce.asking.redteam import REDTEAM
from anchorset.produce.asking.request import Method, Request, Scene, Slot
from anchorset.produce.asking.settings import WHY, Asking, Needs
from anchorset.produce.asking.steering import Steering
from anchorset.produce.asking.templates import prompt
from anchorset.produce.order import Order

METHODS: dict[str, Method] = {
    "prompted": PROMPTED, "persona": PERSONA, "redteam": REDTEAM, "mutation": PARAPHRASE,
}  # fmt: skip
"""Technique of a brief -> how it is asked of a model."""

KNOWN = frozenset(
    (
        "context", "values", "ambiguous", "failures", "anchors", "anchors_own", "anchors_are_chats", "placeholders",
        "multi_turn", "max_turns", "n", "slots", "persona", "policies", "language", "code_switching", "vocabulary",
        "forbidden_topics", "min_length", "max_length", "words", "openings", "too_long", "needs", "thinking", "form",
        "reasons", "unlike", "better",
    )
)  # fmt: skip
"""Every value that a prompt can show."""

_WORDS_SHOWN = 12
_FAILURES = 3
_ROOM = 0.9
"""Of `max_tokens`, what is planned with: a cut answer costs a candidate."""


def requests(
    order: Order,
    n: int,
    *,
    begun: int,
    steering: Steering,
    settings: Asking,
    book: StyleBook,
    spent: Collection[str] = (),
) -> list[Request]:
    """The requests for the attempts `begun` to `begun + n - 1` of an order, `per_request` candidates in each at most.

    `book`: of all seeds of the run. `steering`: of what the model made so far. `spent`: ids of seeds that may not be
    rewritten any more (`per_root`). Empty when a rewriting technique has no seed in the cell to work on.
    Raises UsageError for a technique that asks no model, for a persona that is not there, and for messages where
    seeds are records; ConfigError for a prompt
    that cannot be filled.
    """
    method = _method(order)
    if not method.rewrites and book.kind in ("record", "trajectory"):
        raise UsageError(
            f"{method.name} writes messages, but most seeds are of kind {book.kind!r}: a message would not fit the "
            "product. Use mutation or redteam, which keep the shape, or ingest with `--map input=` and the text's field"
        )
    if method.rewrites and all(sound.seed.id in spent for sound in book.own(order.cell)):
        return []
    size = _size(order, settings, book)
    made = []
    for first in range(begun, begun + n, size):
        scene = Scene(order=order, book=book, settings=settings, turn=-(-first // size))
        attempts = range(first, min(first + size, begun + n))
        parents = _parents(scene, attempts, spent) if method.rewrites else [None] * len(attempts)
        slots = tuple(
            method.slot(scene, at, attempt, parent)
            for at, (attempt, parent) in enumerate(zip(attempts, parents, strict=True), 1)
        )
        made.append(_request(method, scene, slots, steering))
    return made


def _parents(scene: Scene, attempts: Sequence[int], spent: Collection[str]) -> list[Case | None]:
    """Whose turn it is: one seed after the other, over those that are spent, none twice in a request if possible."""
    own = scene.book.own(scene.order.cell)
    start = draw(scene.order.random_seed, scene.order.brief.id, "parent")
    picked: list[Case | None] = []
    taken: set[str] = set()
    for attempt in attempts:
        ahead = (own[(start + attempt + step) % len(own)].seed for step in range(len(own)))
        left = list(islice((one for one in ahead if one.id not in spent), len(attempts) + 1))
        seed = next((one for one in left if one.id not in taken), left[0])
        taken.add(seed.id)
        picked.append(seed)
    return picked


def expected_tokens(order: Order, settings: Asking, book: StyleBook) -> float:
    """Output tokens of one candidate, JSON included: generous, from the third quartile of the seeds' lengths.

    For estimates before anything was measured. Raises UsageError for a technique that asks no model.
    """
    method = _method(order)
    words = book.long(book.styles(order, order.brief.language or settings.language))
    words += 60 if method is REDTEAM else 0
    turns = 2 * settings.max_turns if settings.multi_turn and not method.rewrites else 1
    needs = _needs(method, settings)
    return (
        1.6 * words * turns + 20 + 40 * settings.chain_of_thought
        + 60 * bool(needs.expected) + 60 * needs.criteria + 25 * len(needs.columns)
    )  # fmt: skip


def _size(order: Order, settings: Asking, book: StyleBook) -> int:
    """Candidates in one request: `per_request`, or fewer where `max_tokens` has no room for them."""
    if settings.max_tokens is None:
        return settings.per_request
    fitting = int(_ROOM * settings.max_tokens / expected_tokens(order, settings, book))
    return max(1, min(settings.per_request, fitting))


def _method(order: Order) -> Method:
    method = METHODS.get(order.brief.technique)
    if method is None:
        raise UsageError(
            f"the technique {order.brief.technique!r} asks no model; {nearest(order.brief.technique, METHODS)}"
        )
    return method


def _needs(method: Method, settings: Asking) -> Needs:
    """What a model is asked for beside the message. A rewrite keeps its parent's answer, or has none."""
    if method.rewrites:
        return Needs(criteria=method.criteria)
    return settings.needs


def _request(method: Method, scene: Scene, slots: tuple[Slot, ...], steering: Steering) -> Request:
    order, settings, brief = scene.order, scene.settings, scene.order.brief
    needs = _needs(method, settings)
    if needs.expected and settings.expected(brief) is not None:
        needs = Needs(criteria=needs.criteria, columns=needs.columns)  # the owner has said it for the whole cell
    item = item_type(
        turns=settings.multi_turn and not method.rewrites, thinking=settings.chain_of_thought,
        expected=bool(needs.expected), criteria=needs.criteria, columns=tuple(needs.columns),
    )  # fmt: skip
    anchors, own = ((), True) if method.rewrites else anchors_for(order, scene.book, scene.turn)
    failures, failed = _failures(scene)
    lesson = settings.lesson(brief)
    language = brief.language or settings.language
    if method is PARAPHRASE:
        language = brief.language  # else the parent's own
    filled = prompt(method.name, settings.prompts, known=KNOWN)
    values = {
        "context": settings.context.strip(),
        "values": [(axis, short(value, 80), about) for axis, value, about in settings.about(brief.values)],
        "ambiguous": settings.ambiguous(brief),
        "failures": failures,
        "anchors": [_shown(sound, whole=settings.multi_turn) for sound in anchors],
        "anchors_own": own,
        "anchors_are_chats": any(sound.seed.kind == "chat" for sound in anchors),
        "placeholders": scene.book.placeholders,
        "multi_turn": settings.multi_turn and not method.rewrites,
        "max_turns": settings.max_turns,
        "n": len(slots),
        "persona": {},
        "policies": [],
        "language": language_name(language) if language else "",
        "code_switching": language_name(settings.code_switching) if settings.code_switching else "",
        "vocabulary": _some(settings.vocabulary, order, scene.turn),
        "forbidden_topics": settings.forbidden_topics,
        "min_length": settings.min_length,
        "max_length": settings.max_length,
        "needs": needs,
        "thinking": settings.chain_of_thought,
        "form": form(item, needs),
        **lesson.values(),
        **_steered(method, scene, steering, anchors, slots),
        **method.values(scene, slots),
    }
    ask = Ask(
        model=settings.model,
        lines=filled.lines(values),
        shape=Shape(item=item, many=True),
        wanted=len(slots),
        temperature=settings.temperature,
        max_tokens=settings.max_tokens,
        # Another random seed asks anew even where a cell has nothing to draw from and the words are the same.
        nth=draw(order.random_seed, brief.id, slots[0].attempt, "ask") % 2**31,
    )
    return Request(
        ask=ask, slots=slots, method=method, scene=scene, prompt=filled.label,
        anchors=tuple(dict.fromkeys([*(sound.seed.id for sound in anchors), *failed])),
        language=None if settings.code_switching else language,
        lesson=lesson.within(ask.lines[-1].content) if lesson else lesson,
    )  # fmt: skip


def _shown(sound: Sound, *, whole: bool) -> str:
    given: Any = sound.seed.input
    if whole and sound.seed.kind == "chat":
        text = "\n".join(f"{turn.role}: {turn.content}" for turn in given if turn.content)
        return fenced(text[: 3 * LONGEST], "real")
    return fenced(sound.text[:LONGEST], "real")


def _failures(scene: Scene) -> tuple[list[dict[str, str]], list[str]]:
    """What failed in this cell, as shown, and the ids of the real cases shown. What a model wrote is not shown."""
    known = scene.settings.failures.get(scene.order.brief.cell, ())
    start = scene.turn * _FAILURES
    some = [known[(start + at) % len(known)] for at in range(min(_FAILURES, len(known)))]
    told, ids = [], []
    for failure in some:
        real = isinstance(failure.case.provenance, Observed)
        told.append(
            {
                "why": fenced(short(failure.why, WHY), "real"),
                "shown": fenced(failure.case.text[:LONGEST], "real") if real else "",
            }
        )
        if real:
            ids.append(failure.case.id)
    return told, ids


def _some(words: Sequence[str], order: Order, turn: int) -> list[str]:
    """A dozen of many words, others each time."""
    if len(words) <= _WORDS_SHOWN:
        return list(words)
    start = draw(order.random_seed, order.brief.id, "vocabulary")
    return [words[in_turn(start, len(words), turn * _WORDS_SHOWN + at)] for at in range(_WORDS_SHOWN)]


def _steered(
    method: Method, scene: Scene, steering: Steering, anchors: Iterable[Sound], slots: Iterable[Slot]
) -> Mapping[str, Any]:
    """Over-used words that this cell can do without. A paraphrase has to keep its parent's words."""
    if method is PARAPHRASE:
        return {"words": (), "openings": steering.openings, "too_long": steering.too_long}
    settings, values = scene.settings, scene.order.brief.values
    own = [f"{axis} {value} {about}".replace("_", " ") for axis, value, about in settings.about(values)]
    own += [settings.topic or "", *settings.topics, *settings.vocabulary, *(sound.text for sound in anchors)]
    own += [slot.parent.text for slot in slots if slot.parent is not None]
    needed = {word for text in own for word in content_words(text)}
    return {
        "words": [word for word in steering.words if word not in needed],
        "openings": steering.openings,
        "too_long": steering.too_long,
    }
