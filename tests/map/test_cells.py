from __future__ import annotations

from anchorset.map.cells import cells_of


def test_without_axes_everything_is_one_cell(make_seed) -> None:
    a = make_seed("a")
    assert cells_of([a], []) == ({"all": {}}, {a.id: "all"})


def test_a_seed_is_in_the_cell_of_its_metadata_and_unassigned_without_it(make_seed) -> None:
    a, b = make_seed("a", metadata={"intent": "late"}), make_seed("b")
    grid, home = cells_of([a, b], ["intent"])
    assert grid == {"intent=late": {"intent": "late"}}
    assert home == {a.id: "intent=late", b.id: "unassigned"}


def test_an_empty_value_is_no_value_and_a_number_is_a_name(make_seed) -> None:
    a, b = make_seed("a", metadata={"tier": 2}), make_seed("b", metadata={"tier": ""})
    grid, home = cells_of([a, b], ["tier"])
    assert grid == {"tier=2": {"tier": "2"}}
    assert home[b.id] == "unassigned"
