from __future__ import annotations

import unicodedata

from anchorset.core.case import Case, Message
from anchorset.core.finding import Finding, OnHit
from anchorset.qualify.batch import Batch, found


class FormatSchema:
    """The candidate has the shape of the seeds.

    What it looks at: a text has a visible character and no control characters; a chat has a user turn with words, and
    answers no tool that was not called; a record has no field that no seed record has.
    Why it matters: a malformed case measures the parser of the target, not its behaviour.
    Example that fails: `"\\x00"`, or a chat of assistant turns only.
    How to fix it: mend the row, or let the operator that broke it (level `record`) be the point of a case of its own.
    """

    code = "format.schema"
    version = 1
    on_hit: OnHit = "reject"

    def look(self, batch: Batch) -> list[Finding]:
        fields = {name for seed in batch.crowd.seeds if isinstance(seed.input, dict) for name in seed.input}
        findings = []
        for case in batch.cases:
            fault = self._fault(case, fields)
            findings.append(found(self, fault is not None, evidence=fault))
        return findings

    @staticmethod
    def _fault(case: Case, fields: set[str]) -> str | None:
        if isinstance(case.input, dict):
            unknown = sorted(set(case.input) - fields) if fields else []
            broken_on_purpose = getattr(case.provenance, "operators", ())
            return f"fields no seed has: {', '.join(unknown[:3])}" if unknown and not broken_on_purpose else None
        text = case.text
        if not any(unicodedata.category(char)[0] in "LNSP" for char in text):
            return "nothing visible in it"
        control = next((char for char in text if unicodedata.category(char) == "Cc" and char not in "\n\t\r"), None)
        if control is not None:
            return f"control character U+{ord(control):04X}"
        turns = [turn for turn in case.input if isinstance(turn, Message)] if case.kind == "chat" else []
        if turns and turns[0].role in ("assistant", "tool") and not any(turn.role == "user" for turn in turns):
            return "a chat without a user turn"
        called = {call.id for turn in turns for call in turn.tool_calls}
        stray = [
            turn.tool_call_id for turn in turns if turn.role == "tool" and turn.tool_call_id not in called | {None}
        ]
        return f"a tool answers the call {stray[0]!r} that nobody made" if stray else None
