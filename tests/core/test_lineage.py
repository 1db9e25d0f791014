from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from anchorset.core.case import Case
from anchorset.core.lineage import clusters, with_clusters
from anchorset.core.provenance import Observed, Synthetic


def seed_that_says(text: str) -> Case:
    origin = Observed(source="production", origin="made-up", original_id="1")
    return Case(kind="text", input=text, provenance=origin)


def child(text: str, *roots: str) -> Case:
    origin = Synthetic(
        source="synthetic",
        technique="remix",
        label="synth-remix-all",
        parents=roots,
        roots=roots,
        random_seed=1,
        run="r_1",
    )
    return Case(kind="text", input=text, provenance=origin)


def test_a_child_is_in_its_seed_s_cluster_and_a_stranger_is_not(make_seed) -> None:
    a, b = make_seed("a"), make_seed("b")
    found = clusters([a, b, child("c", a.id)], {})
    assert len(set(found.values())) == 2
    assert found[child("c", a.id).id] == found[a.id] != found[b.id]


def test_a_child_of_two_joins_their_clusters(make_seed) -> None:
    a, b = make_seed("a"), make_seed("b")
    assert len(set(clusters([a, b, child("c", a.id, b.id)], {}).values())) == 1


def test_near_duplicate_seeds_are_one_cluster(make_seed) -> None:
    a, b = make_seed("a"), make_seed("b")
    assert len(set(clusters([a, b], {a.id: "g_1", b.id: "g_1"}).values())) == 1


def test_a_case_without_roots_is_its_own_cluster() -> None:
    lone = child("from the grid alone")
    assert clusters([lone], {}) == {lone.id: "k_" + lone.id.removeprefix("c_")}


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=12), st.randoms(use_true_random=False))
def test_clusters_do_not_depend_on_order_and_are_the_connected_components(links, shuffler: random.Random) -> None:
    seeds = [seed_that_says(f"seed {n}") for n in range(9)]
    cases = seeds + [child(f"child {n}", seeds[a].id, seeds[b].id) for n, (a, b) in enumerate(links)]
    found = clusters(cases, {})
    shuffled = cases[:]
    shuffler.shuffle(shuffled)
    assert clusters(shuffled, {}) == found

    component = {n: {n} for n in range(9)}
    for a, b in links:
        merged = component[a] | component[b]
        for n in merged:
            component[n] = merged
    for a in range(9):
        for b in range(9):
            assert (found[seeds[a].id] == found[seeds[b].id]) == (b in component[a])


def test_with_clusters_writes_them_on_the_cases(make_seed) -> None:
    (case,) = with_clusters([make_seed("a")], {})
    assert case.cluster is not None
    assert case.cluster.startswith("k_")
