"""Any case that can exist, for round trips."""

from __future__ import annotations

from hypothesis import strategies as st

from anchorset.core.case import Case
from anchorset.core.provenance import Golden, Observed, Step, Synthetic

words = st.text(st.characters(codec="utf-8"), max_size=12)
said = words.filter(str.strip) | st.sampled_from(
    ["=1+1", "'=x", "{{ secret }}", "{% raw %}", "file://etc/passwd", "package:x", "-5", "@a", "\ta", "a\r\nb", "a|b",
     'he said "no"', "{{ '{{' }}", "[1]", '{"a": 1}', "equals:x", "javascript:x", "\ufeffx", "x\x00y", "\u2028"]
)  # fmt: skip
numbers = st.integers(-(2**70), 2**70) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | words
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(words, inner, max_size=2))
objects = st.dictionaries(words, values, max_size=2)
calls = st.fixed_dictionaries({"name": words, "arguments": objects}, optional={"id": words})
turns = st.fixed_dictionaries(
    {"role": st.sampled_from(["system", "user", "assistant", "tool"]), "content": words},
    optional={"name": words, "tool_calls": st.lists(calls, max_size=1), "tool_call_id": words},
)
asked = st.one_of(
    st.tuples(st.just("text"), said | words),
    st.tuples(st.just("chat"), st.lists(turns, min_size=1, max_size=3)),
    st.tuples(st.just("record"), objects),
    st.tuples(st.just("trajectory"), st.lists(objects, min_size=1, max_size=2)),
)
origins = st.one_of(
    st.builds(
        Observed, source=st.just("production"), origin=words, original_id=words, count=st.integers(1, 9),
        observed_at=st.none() | words,
    ),
    st.builds(Golden, source=st.just("golden"), author=words),
    st.builds(
        Synthetic, source=st.just("synthetic"), technique=st.just("mutation"), label=words, random_seed=st.integers(),
        run=words, parents=st.lists(words, max_size=1), params=objects,
        operators=st.lists(st.builds(Step, operator=words, relation=st.just("unknown")), max_size=1).map(tuple),
    ),
)  # fmt: skip
contexts = st.fixed_dictionaries(
    {"doc": words, "sha256": words, "start": st.integers(0, 9), "end": st.integers(0, 9), "text": words}
)


axes = words | st.sampled_from(["anchorset", "=x", "bucket", "a[]", " a", ""])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    kind, question = draw(asked)
    return Case(
        kind=kind, input=question, expected=draw(values | said), criteria=draw(st.lists(said, max_size=2)),
        system=draw(st.none() | words), context=tuple(draw(st.lists(contexts, max_size=1))),
        tools=tuple(draw(st.lists(objects, max_size=1))), extra=draw(objects),
        metadata=draw(st.dictionaries(axes, scalars, max_size=2)), tags=draw(st.lists(words, max_size=1)),
        provenance=draw(origins), status=draw(st.sampled_from(["passed", "pending"])),
    )  # fmt: skip
