"""Which candidates something they were made from has left behind, and which only look so."""

from __future__ import annotations

import pytest
from messages_of_a_shop import SEEDS, child

from anchorset.core.case import Case
from anchorset.core.config import Config
from anchorset.core.decision import Decision
from anchorset.core.persona import Persona
from anchorset.core.provenance import Step, Synthetic
from anchorset.qualify.batch import Batch
from anchorset.qualify.checks.privacy_seed_copy import PrivacySeedCopy
from anchorset.qualify.staleness import inputs_of, stale

SEED = SEEDS[0].model_copy(update={})
CONFIG = Config(name="shop", context="A shop.", dimensions={"policy": {"delay": "late"}})
PERSONAS = {"novice": Persona(name="novice")}


def inputs(config: Config = CONFIG, personas=PERSONAS, **files) -> dict[str, str]:
    given = {"prompts": {"prompted": "1"}, "policies": {"refunds.yaml": "1"}, "documents": {"faq.md": "1"}}
    return inputs_of(config, personas, **(given | files))


def made(technique: str, *, parents: tuple[Case, ...] = (), **origin) -> Case:
    return Case(
        kind="text", input=f"a {technique} message", metadata={"policy": "delay"},
        provenance=Synthetic(
            source="synthetic", technique=technique, label="synth", random_seed=7, run="r_1",
            parents=tuple(one.id for one in parents), roots=tuple(one.id for one in parents), **origin,
        ),
    )  # fmt: skip


def why(case: Case, now: dict[str, str], seeds=SEEDS) -> str | None:
    return stale([case], seeds=seeds, inputs_then={"r_1": inputs()}, inputs_now=now).get(case.id)


CHANGES = {
    "context": inputs(CONFIG.model_copy(update={"context": "Another shop."})),
    "persona": inputs(personas={"novice": Persona(name="novice", description="other")}),
    "axis": inputs(Config(name="shop", context="A shop.", dimensions={"policy": {"delay": "lost"}})),
    "prompt": inputs(prompts={"prompted": "2"}),
    "policy": inputs(policies={"refunds.yaml": "2"}),
    "document": inputs(documents={"faq.md": "2"}),
}


def test_nothing_is_stale_while_nothing_changes() -> None:
    for technique in ("prompted", "persona", "redteam", "remix", "mutation"):
        assert why(made(technique, persona="novice", prompt="prompted@1"), inputs()) is None


@pytest.mark.parametrize(
    ("technique", "by"),
    [
        ("prompted", {"context", "persona", "axis", "prompt"}),
        ("persona", {"context", "persona", "axis", "prompt"}),
        ("redteam", {"policy", "prompt"}),
        ("mutation", {"prompt"}),
    ],
)
def test_a_candidate_goes_stale_by_what_its_technique_uses_and_nothing_else(technique: str, by: set[str]) -> None:
    case = made(technique, persona="novice", prompt="prompted@1")
    assert {kind for kind, now in CHANGES.items() if why(case, now)} == by


def test_without_a_model_the_prompts_do_not_matter() -> None:
    assert why(made("redteam", parents=(SEED,)), CHANGES["prompt"]) is None


def test_a_parent_or_an_anchor_that_is_gone_leaves_it_behind() -> None:
    for case in (made("mutation", parents=(SEED,)), made("prompted", anchors=(SEED.id,))):
        assert SEED.id in (why(case, inputs(), seeds=SEEDS[1:]) or "")
        assert why(case, inputs()) is None


def test_an_inherited_answer_goes_with_the_parents_and_one_given_by_hand_stays() -> None:
    step = Step(operator="typo.neighbour", relation="invariant")
    parent = SEED.revised(expected="refund approved")
    heir = child("where is my parcle", parent, steps=(step,)).revised(expected="refund approved")
    now = [SEED.revised(expected="refused"), *SEEDS[1:]]
    assert "is another now" in (why(heir, inputs(), seeds=now) or "")
    by_hand = heir.revised(expected="ask for the order").model_copy(
        update={"status": "edited", "reviews": (Decision(decision="edit", reviewer="kim", at="2026-01-01T00:00:00Z"),)}
    )
    assert why(by_hand, inputs(), seeds=[parent, *SEEDS[1:]]) is None


def test_a_very_long_message_that_repeats_itself_is_looked_at(make_crowd) -> None:
    long = SEED.revised(input="come on come on " * 20_000)
    crowd = make_crowd([*SEEDS, long])
    (finding,) = PrivacySeedCopy().look(Batch(cases=[child("come on come on " * 19_990, long)], crowd=crowd))
    assert finding.says == "pass"
