"""Clusters: components of shared groups. The key of every split and statistic.

A *group* is a seed with its near-duplicate seeds. Two cases that reach a common group are one cluster: they are not
independent evidence, and must never stand on both sides of a split.
What this module does not know: how groups were found.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from anchorset.core.case import Case


def clusters(cases: Iterable[Case], groups: Mapping[str, str]) -> dict[str, str]:
    """Case id -> cluster id (`k_` and the hex of its smallest member group or case).

    `groups`: seed id -> group id, for seeds that have near-duplicates; a seed it does not name is its own group.
    Independent of the order of `cases`.
    """
    leader: dict[str, str] = {}

    def find(node: str) -> str:
        leader.setdefault(node, node)
        while leader[node] != node:
            leader[node] = leader[leader[node]]
            node = leader[node]
        return node

    home: dict[str, str] = {}
    for case in cases:
        nodes = [groups.get(root, root) for root in case.roots] or [case.id]
        home[case.id] = nodes[0]
        first = find(nodes[0])
        for node in nodes[1:]:
            other = find(node)
            if other != first:
                first, other = min(first, other), max(first, other)
                leader[other] = first
    return {id: "k_" + find(node).removeprefix("c_").removeprefix("g_") for id, node in home.items()}


def with_clusters(cases: Iterable[Case], groups: Mapping[str, str]) -> list[Case]:
    """The cases, each with its cluster."""
    listed = list(cases)
    found = clusters(listed, groups)
    return [case.model_copy(update={"cluster": found[case.id]}) for case in listed]
