"""The engine: quotas, ledgers, lineage, and the same candidates whatever the order and the batch."""

from __future__ import annotations

from collections import Counter, defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anchorset.core.case import Case
from anchorset.core.errors import UsageError
from anchorset.core.finding import Finding
from anchorset.core.lineage import clusters
from anchorset.core.plan import Brief, Plan
from anchorset.core.provenance import Observed
from anchorset.produce.cell import BLOCK, cells_for
from anchorset.produce.stage import needed_per_root, produce

OPENINGS = ("My card is lost.", "I was charged twice.", "The app logs me out.", "It came broken.", "I moved house.")
ASKS = ("How do I get a new one?", "Can you help me please?", "When do I get my money back?", "Where do I see it?")
CELLS = ("delay", "remorse", "damage")


def seed(text: str, cell: str = "delay", expected: str | None = "refund approved") -> Case:
    origin = Observed(source="production", origin="made-up.csv sha256:00", original_id=text)
    return Case(kind="text", input=text, expected=expected, metadata={"policy": cell}, provenance=origin)


SEEDS = [seed(f"{tell} {ask} It is about {cell}.", cell) for cell in CELLS for tell in OPENINGS for ask in ASKS]
GROUPS = {SEEDS[0].id: "g_1", SEEDS[1].id: "g_1", SEEDS[2].id: "g_1"}


class Strict:
    """A gate that knows every text it has let pass, and rejects whatever `hates` says."""

    def __init__(self, hates=lambda case: False) -> None:
        self.seen: set[str] = set()
        self.hates = hates
        self.sizes: list[int] = []

    def judge(self, candidates):
        self.sizes.append(len(candidates))
        return [self._judged(case) for case in candidates]

    def _judged(self, case: Case) -> Case:
        code = "duplicate.exact" if case.text in self.seen else "made.up" if self.hates(case) else None
        if code is None:
            self.seen.add(case.text)
            return case.model_copy(update={"status": "passed"})
        finding = Finding(check=code, version=1, says="reject")
        return case.model_copy(update={"status": "rejected", "findings": (finding,)})


def plan_of(**counts: int) -> Plan:
    return Plan(
        briefs=tuple(
            Brief(technique=technique, cell=f"policy={cell}", values={"policy": cell}, count=count)
            for technique, count in counts.items()
            for cell in CELLS
        )
    )


def run(plan, seeds=SEEDS, gate=None, groups=GROUPS, **options):
    return produce(plan, seeds, gate=gate or Strict(), groups=groups, random_seed=7, run="r_1", **options)


PLAN = plan_of(mutation=12, remix=6, redteam=4)


def test_every_quota_passes_and_the_ledgers_add_up():
    gate = Strict(lambda case: len(case.text) % 3 == 0)
    out = run(PLAN, gate=gate)
    assert out.ledger.passed == len(out.passed) == PLAN.target == 66
    assert out.ledger.rejected == len(out.rejected) > 0
    assert out.ledger.requested == out.ledger.passed + out.ledger.rejected + out.ledger.failed
    moved = sum(one.count for one in out.moved)
    assert {name: ledger.passed for name, ledger in out.by_technique.items()} == {
        "mutation": 36 + moved, "remix": 18 - moved, "redteam": 12,
    }  # fmt: skip
    assert {ledger.passed for ledger in out.by_cell.values()} == {22}


@settings(max_examples=15)
@given(st.randoms(use_true_random=False), st.integers(1, 70))
def test_the_order_of_seeds_and_the_size_of_batches_change_nothing(random, batch):
    shuffled = random.sample(SEEDS, len(SEEDS))
    briefs = random.sample(PLAN.briefs, len(PLAN.briefs))
    gates = [Strict(lambda case: len(case.text) % 3 == 0) for _ in range(2)]
    one = run(PLAN, gate=gates[0])
    other = run(Plan(briefs=tuple(briefs)), seeds=shuffled, gate=gates[1], batch=batch)
    assert [case.line() for case in one.passed] == [case.line() for case in other.passed]
    assert [case.line() for case in one.rejected] == [case.line() for case in other.rejected]
    assert one.ledger == other.ledger
    assert max(gates[1].sizes) <= batch


def test_another_random_seed_makes_other_candidates():
    one = run(PLAN)
    other = produce(PLAN, SEEDS, gate=Strict(), groups=GROUPS, random_seed=8, run="r_1")
    assert {case.text for case in one.passed} != {case.text for case in other.passed}


def test_every_candidate_carries_its_lineage_and_its_cell():
    seeds = {case.id: case for case in SEEDS}
    for case in run(PLAN).passed:
        provenance = case.provenance
        assert provenance.source == "synthetic"
        assert provenance.label == f"synth-{provenance.technique}-policy={case.metadata['policy']}"
        assert provenance.roots == provenance.parents
        assert len(provenance.parents) <= 2
        assert provenance.random_seed == 7
        assert provenance.run == "r_1"
        assert provenance.model is None
        assert provenance.operators
        for parent in provenance.parents:
            assert seeds[parent].metadata == case.metadata
            assert seeds[parent].text != case.text
        if any(step.relation != "invariant" for step in provenance.operators) and provenance.technique == "mutation":
            carried = {step.operator for step in provenance.operators} & {"entity.name"}
            assert case.expected is None or carried


def test_no_root_has_more_mutations_than_asked_for():
    out = run(plan_of(mutation=40), per_root=2)
    assert max(Counter(case.roots[0] for case in out.passed).values()) == 2
    assert out.ledger.passed == 2 * len(SEEDS)
    assert out.ledger.short == ()


def test_more_mutations_than_the_seeds_allow_are_short_and_say_per_root():
    out = run(plan_of(mutation=60), per_root=2)
    assert out.ledger.passed == 2 * len(SEEDS)
    assert [(entry.missing, entry.reason.partition(":")[0]) for entry in out.ledger.short] == [(20, "per_root")] * 3
    plan = plan_of(mutation=60)
    assert needed_per_root(plan, SEEDS) == 6
    assert run(plan, per_root=needed_per_root(plan, SEEDS)).ledger.passed == 180


def test_a_gate_that_rejects_everything_stops_after_two_hundred_attempts_of_a_brief():
    out = run(plan_of(mutation=300), gate=Strict(lambda case: True), per_root=1000)
    assert out.ledger.passed == 0
    assert {ledger.requested for ledger in out.by_cell.values()} == {200}
    assert all(entry.reason.startswith("in_vain: 200") and "made.up" in entry.reason for entry in out.ledger.short)


def test_attempts_stop_at_three_times_the_target():
    out = run(plan_of(redteam=10), gate=Strict(lambda case: len(case.text) % 7 > 0))
    assert out.ledger.requested <= 90
    assert out.ledger.short == () or {entry.reason.partition(":")[0] for entry in out.ledger.short} == {"attempts"}


def test_a_cell_without_seeds_is_short_and_nothing_moves_to_another():
    empty = Brief(technique="mutation", cell="policy=none", values={"policy": "none"}, count=3)
    out = run(Plan(briefs=(empty, *plan_of(mutation=2).briefs)))
    assert out.by_cell["policy=none"].failed_by == {"no_parent": 1}
    assert out.by_cell["policy=none"].short[0].missing == 3
    assert out.ledger.passed == 6


def test_what_cannot_be_remixed_is_mutated_in_the_same_cell_and_said():
    alone = [seed("My card is lost. How do I get a new one?"), seed("It came broken. Can I return it?", "damage")]
    plan = plan_of(remix=4, redteam=1)
    assert run(plan, seeds=alone).moved == ()
    plan = Plan(briefs=(*plan.briefs, *(b for b in plan_of(mutation=2).briefs if b.cell != "policy=damage")))
    out = run(plan, seeds=alone, per_root=5)
    assert [(one.cell, one.technique, one.to, one.count) for one in out.moved] == [
        ("policy=damage", "remix", "mutation", 4),
        ("policy=delay", "remix", "mutation", 3),
    ]
    assert all(one.reason.startswith("no_parent") for one in out.moved)
    assert out.by_technique["mutation"].target == 2 + 2 + 4 + 3
    assert out.by_cell["policy=damage"].target == out.by_cell["policy=damage"].passed == 5
    assert out.ledger.target == plan.target
    left = [(entry.cell, entry.technique, entry.missing) for entry in out.ledger.short if "remorse" not in entry.cell]
    assert left == [("policy=delay", "remix", 1)]


def test_an_unknown_technique_is_answered_with_the_known_ones():
    with pytest.raises(UsageError, match="mutation"):
        run(Plan(briefs=(Brief(technique="grounded", count=1),)))


def test_clusters_stay_within_one_block_even_when_groups_span_cells():
    twins = [
        seed(f"Same words in two cells, number {n}, where is my card now?", cell) for n in range(30) for cell in CELLS
    ]
    groups = {case.id: f"g_{case.text}" for case in twins}
    out = run(plan_of(mutation=60, remix=60), seeds=twins, groups=groups, per_root=10)
    found = defaultdict(set)
    for case, cluster in clusters([*twins, *out.passed], groups).items():
        found[cluster].add(case)
    texts = {case.id: case.text for case in twins}
    for members in found.values():
        assert len({texts[id] for id in members if id in texts}) <= BLOCK


@given(st.integers(0, 40))
def test_blocks_hold_two_or_three_groups(n):
    seeds = [seed(f"My card number {k} is lost.") for k in range(n)]
    cell = cells_for([Brief(technique="remix", count=1)], seeds, {})["all"]
    sizes = [len(block) for block in cell.blocks]
    assert sum(sizes) == n
    assert n < 2 or set(sizes) <= {2, 3}


def test_progress_reaches_the_number_that_passed():
    seen = []

    class Bar:
        def start(self, what, total):
            seen.append(total)

        def advance(self, n=1):
            seen.append(-n)

        def stop(self):
            seen.append("stop")

    run(PLAN, progress=Bar())
    assert seen[0] == PLAN.target
    assert sum(-n for n in seen[1:-1]) == PLAN.target
    assert seen[-1] == "stop"
