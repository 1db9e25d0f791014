"""The second round: the question that asks for what an answer left missing, once.

What this module does not know: wires, and what the items mean.
"""

from __future__ import annotations

from dataclasses import replace

from anchorset.core.ask import Answer, Ask, Fault, Line, Reply
from anchorset.infra.llm.salvage import Salvaged

QUOTED = 4000
"""Characters of the first answer that are shown to the model again."""


def follow_up(ask: Ask, text: str, salvaged: Salvaged) -> Ask:
    """The same question, the answer that came, and what is wrong with it. The same input always gives the same ask."""
    assert ask.shape is not None
    missing = ask.wanted - len(salvaged.items) if ask.shape.many else 1
    why = "; ".join(salvaged.problems)
    if not ask.shape.many:
        order = f"That answer cannot be used: {why}. Answer again with the whole JSON object and nothing else."
    elif salvaged.items:
        order = (
            f"Of the {ask.wanted} items asked for, {len(salvaged.items)} can be used: {why}. "
            f"Give the {missing} that are missing, in JSON of the same form and nothing else. Repeat none."
        )
    else:
        order = (
            f"That answer cannot be used: {why}. "
            f"Give all {ask.wanted} items again, in JSON of the form asked for and nothing else."
        )
    said = (Line("assistant", text[:QUOTED]),) if text.strip() else ()
    return replace(ask, lines=(*ask.lines, *said, Line("user", order)), wanted=missing)


def combined(ask: Ask, first: Reply, had: Salvaged, second: Answer | None, got: Salvaged | None) -> Answer:
    """What both rounds give together. `second` None: there was none, or none is worth it."""
    usage, usd = first.usage, first.usd
    if second is not None:
        usage += second.usage
        usd = None if usd is None or second.usd is None else usd + second.usd
    items = list(had.items)
    problems = had.problems
    if got is not None:
        items += [item for item in got.items if item not in had.items]
        problems = (*had.problems, *(f"second round: {why}" for why in got.problems))
    elif isinstance(second, Fault):
        problems = (*had.problems, f"second round: {second.message}")
    wanted = ask.wanted if ask.shape and ask.shape.many else 1
    if len(items) >= wanted:
        problems = ()
    if not items:
        message = f"{ask.model} gave nothing usable in two rounds: {'; '.join(problems)}. The text is kept."
        return Fault(cause="malformed", message=message, text=first.text, usage=usage, usd=usd)
    last = second if isinstance(second, Reply) else first
    return Reply(
        text=last.text, items=tuple(items), usage=usage, usd=usd, model=last.model, finish=last.finish,
        seconds=first.seconds + (last.seconds if last is not first else 0.0),
        recalled=first.recalled and (second is None or getattr(second, "recalled", True)), problems=problems,
    )  # fmt: skip
