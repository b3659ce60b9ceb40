"""Connections and detachability that a model states."""

from __future__ import annotations

from pathlib import Path

import pytest

from ifc_builders import TinyModel
from passport import Passport, read_ifc
from passport.circularity.detachability import score_detachability
from passport.circularity.dismantling import plan_dismantling
from passport.ifc.connections import joint_of


def pair(folder: Path, build: object, schema: str = "IFC4") -> Passport:
    """A wall and a board with a connection that `build` makes."""
    model = TinyModel(schema)
    wall, board = model.element("IfcWall", "wall"), model.element("IfcCovering", "board")
    model.associate("C30/37", wall)
    model.associate("Gypsum board", board)
    model.box(wall, 5, 0.2, 2.7)
    model.box(board, 5, 0.0125, 2.7, at=(0, 0.2, 0))
    build(model, wall, board)  # type: ignore[operator]
    return read_ifc(model.save(folder))


def test_a_covering_leaves_before_what_it_covers(tmp_path: Path) -> None:
    house = pair(
        tmp_path,
        lambda m, wall, board: m.root(
            "IfcRelCoversBldgElements", RelatingBuildingElement=wall, RelatedCoverings=[board]
        ),
    )
    (found,) = house.connections
    assert found.kind == "covers"
    plan = plan_dismantling(house)
    assert plan.order == (found.of, found.to)
    assert plan.removal_set(found.to).certain == (found.of, found.to)


@pytest.mark.parametrize("schema", ["IFC2X3", "IFC4", "IFC4X3"])
def test_fasteners_tell_the_joint_of_what_they_join(tmp_path: Path, schema: str) -> None:
    def screw(model: TinyModel, wall: object, board: object) -> None:
        more = {} if schema == "IFC2X3" else {"PredefinedType": "SCREW"}
        fastener = model.element("IfcMechanicalFastener", "screws 4x60", **more)
        model.root(
            "IfcRelConnectsWithRealizingElements",
            RelatingElement=wall,
            RelatedElement=board,
            RealizingElements=[fastener],
        )

    house = pair(tmp_path, screw, schema)
    found = next(each for each in house.connections if each.kind == "realized")
    assert found.joint == "added elements"
    scores = score_detachability(house, plan_dismantling(house).graph)
    board = next(part for part in scores.parts if part.unit.ifc_class == "IfcCovering")
    assert board.factor("connection").origin == "model" and board.factor("connection").low == 0.8


def test_a_path_connection_and_a_crossing_are_read_and_a_crossing_is_only_possible(tmp_path: Path) -> None:
    def join(model: TinyModel, wall: object, board: object) -> None:
        model.root(
            "IfcRelConnectsPathElements",
            RelatingElement=wall,
            RelatedElement=board,
            RelatingPriorities=[],
            RelatedPriorities=[],
            RelatedConnectionType="ATSTART",
            RelatingConnectionType="ATEND",
        )
        model.root("IfcRelInterferesElements", RelatingElement=wall, RelatedElement=board, ImpliedOrder=None)

    house = pair(tmp_path, join)
    assert {each.kind for each in house.connections} == {"path", "interferes"}
    edges = [each for each in plan_dismantling(house).graph.edges if each.source == "crosses it"]
    assert [each.certainty for each in edges] == ["possible"]


def test_a_relation_to_a_whole_holds_for_its_parts(tmp_path: Path) -> None:
    model = TinyModel()
    wall = model.element("IfcWall", "wall")
    parts = [model.root("IfcBuildingElementPart", Name=f"part {k}") for k in range(2)]
    model.aggregate(wall, *parts)
    for part in parts:
        model.associate("C30/37", part)
    board = model.element("IfcCovering", "board")
    model.associate("Gypsum board", board)
    model.root("IfcRelCoversBldgElements", RelatingBuildingElement=wall, RelatedCoverings=[board])
    house = read_ifc(model.save(tmp_path))
    assert sorted(each.to for each in house.connections) == sorted(part.GlobalId for part in parts)


@pytest.mark.parametrize(
    ("fasteners", "text", "joint"),
    [
        ([("IfcFastener", "GLUE", "")], "", "hard chemical"),
        ([("IfcMechanicalFastener", "NAIL", "")], "", "direct integral"),
        ([("IfcFastener", "", "PU foam")], "", "soft chemical"),
        ([], "geschroefd", "added elements"),
        ([], "vissé et collé", "hard chemical"),
        ([], "lose verlegt", "dry"),
        ([], "unspecified", None),
    ],
)
def test_the_hardest_joint_of_fasteners_and_words_counts(
    fasteners: list[tuple[str, str, str]], text: str, joint: str | None
) -> None:
    assert joint_of(fasteners, text) == joint


@pytest.mark.parametrize(
    ("name", "value", "low"),
    [
        ("DetachabilityConnectionType", "DryConnection", 1.0),
        ("DetachabilityConnectionType", "AddedConnectionConnection", 0.8),
        ("ArtDerVerbindung", "HarteChemischeVerbindung", 0.1),
    ],
)
def test_a_stated_class_of_detachability_is_used(tmp_path: Path, name: str, value: str, low: float) -> None:
    house = pair(
        tmp_path,
        lambda m, wall, board: m.properties(board, "CPset_Madaster", **{name: ("IfcLabel", value)}),
    )
    scores = score_detachability(house, plan_dismantling(house).graph)
    board = next(part for part in scores.parts if part.unit.ifc_class == "IfcCovering")
    assert (board.factor("connection").low, board.factor("connection").origin) == (low, "model")


def test_none_is_a_word_for_no_intersections_and_an_unknown_word_is_a_finding(tmp_path: Path) -> None:
    def state(model: TinyModel, wall: object, board: object) -> None:
        model.properties(
            board,
            "Pset_Madaster",
            DetachabilityIntersection=("IfcLabel", "None"),
            DetachabilityProductEdge=("IfcLabel", "Rounded"),
        )

    house = pair(tmp_path, state)
    board = next(each for each in house.elements if each.ifc_class == "IfcCovering")
    assert board.joints == (("intersections", "none"),)
    (finding,) = [each for each in house.findings if each.code == "joint-word-unknown"]
    assert "'Rounded'" in finding.message and finding.global_id == board.global_id


def test_a_type_of_assembly_in_words_is_used_and_other_words_are_a_finding(tmp_path: Path) -> None:
    def state(words: str) -> Passport:
        folder = tmp_path / words.split(maxsplit=1)[0]
        folder.mkdir()
        return pair(
            folder,
            lambda m, wall, board: m.properties(
                board, "CPset_BuildingPassport", TypeOfAssembly=("IfcLabel", words)
            ),
        )

    glued = score_detachability(
        state("Glued (adhesive not modelled)"), plan_dismantling(state("Taped")).graph
    )
    assert not [each for each in glued.findings if each.code == "assembly-word-unknown"]
    board = next(part for part in glued.parts if part.unit.ifc_class == "IfcCovering")
    assert board.factor("connection").easiest == "hard chemical"
    house = state("Magic")
    (finding,) = [
        each for each in score_detachability(house, plan_dismantling(house).graph).findings
        if each.code == "assembly-word-unknown"
    ]  # fmt: skip
    assert "'Magic'" in finding.message
