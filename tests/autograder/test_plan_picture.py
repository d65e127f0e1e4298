"""A plan as a picture: whole, marked by word and colour, and as wide as a phone."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import pytest

from autograder.plan_picture import KINDS, MOST_BOXES, WIDTH, kind_of, note_of, plan_as_svg
from autograder.spark_record import Node, Phase, SparkFacts

SVG = "{http://www.w3.org/2000/svg}"


def node(name: str, text: str = "", *children: Node, **details: str) -> Node:
    return Node(name, text or name, details, children, {})


def scan(path: str, fields: str, pushed: str = "[]") -> Node:
    return node(
        "Scan parquet ",
        f"FileScan parquet [{fields}]",
        Location=f"InMemoryFileIndex(1 paths)[file:/data/{path}]",
        ReadSchema=f"struct<{fields}>",
        PushedFilters=pushed,
    )


ORDERS = scan("orders.parquet", "city:string,items:bigint", "[IsNotNull(items)]")
EXCHANGE = node(
    "Exchange",
    "Exchange hashpartitioning(city#4, 4), ENSURE_REQUIREMENTS, [plan_id=24]",
    node(
        "WholeStageCodegen (1)",
        "",
        node("HashAggregate", "HashAggregate(keys=[city#4], functions=[partial_count(1)])", ORDERS),
    ),
)
GROUP = node(
    "AdaptiveSparkPlan",
    "",
    node(
        "HashAggregate",
        "HashAggregate(keys=[city#4], functions=[count(1)])",
        node("AQEShuffleRead", "", node("ShuffleQueryStage", "", EXCHANGE)),
    ),
)
JOIN = node(
    "BroadcastHashJoin",
    "BroadcastHashJoin [customer_id#1L], [customer_id#14L], LeftOuter, BuildRight, false, false",
    node("ArrowEvalPython", "ArrowEvalPython [f(items#8L)#82L], [pythonUDF0#85L], 101", ORDERS),
    node(
        "BroadcastExchange",
        "",
        node("InMemoryTableScan", "InMemoryTableScan [city#4]", scan("c.parquet", "city:string")),
    ),
)


def texts(svg: str) -> list[str]:
    return ["".join(one.itertext()) for one in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_a_picture_is_whole_and_can_be_read_aloud() -> None:
    picture = ElementTree.fromstring(plan_as_svg(GROUP, "Orders of each city"))
    assert picture.get("role") == "img"
    title, described = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None and title.text == "Orders of each city"
    assert described is not None and described.text is not None
    assert picture.get("aria-labelledby") == f"{title.get('id')} {described.get('id')}"
    assert "1 x shuffle" in described.text
    assert "Exchange [shuffle] for HashAggregate" in described.text


def test_what_only_wraps_has_no_box() -> None:
    names = [one for one in texts(plan_as_svg(GROUP)) if one in {"Exchange", "HashAggregate"}]
    assert names == ["HashAggregate", "Exchange", "HashAggregate"]
    assert not {"AQEShuffleRead", "ShuffleQueryStage"} & set(texts(plan_as_svg(GROUP)))


def test_boxes_are_marked_by_word_and_colour() -> None:
    svg = plan_as_svg(JOIN)
    for word in ("read", "broadcast", "cache", "python"):
        (kind,) = [one for one in KINDS if one.word == word]
        assert word in texts(svg)
        assert kind.colour in svg
    assert "shuffle" not in texts(svg)
    assert kind_of(node("Filter")) is None


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.word)
def test_white_words_can_be_read_on_their_colour(kind: object) -> None:
    colour = getattr(kind, "colour", "")
    assert 1.05 / (_luminance(colour) + 0.05) >= 4.5


def test_notes_say_what_is_done_in_words_of_the_program() -> None:
    assert note_of(EXCHANGE) == "by city, into 4 partitions"
    assert note_of(GROUP.children[0]) == "by city: count(1)"
    assert note_of(ORDERS) == "orders.parquet: city, items; filters: IsNotNull(items)"
    assert note_of(JOIN) == "LeftOuter, customer_id = customer_id; the right side is copied"
    assert note_of(JOIN.children[0]) == "f(items)"
    one = node("Exchange", "Exchange SinglePartition, ENSURE_REQUIREMENTS, [plan_id=3]")
    assert note_of(one) == "into one partition"
    turn = node("Exchange", "Exchange RoundRobinPartitioning(8), REPARTITION_BY_NUM, [plan_id=3]")
    assert note_of(turn) == "in turn, into 8 partitions"
    ranges = node("Exchange", "Exchange rangepartitioning(s#28L ASC NULLS FIRST, 4), [plan_id=3]")
    assert note_of(ranges) == "by ranges of s, into 4 partitions"
    assert note_of(node("Sort", "Sort [city#4 ASC NULLS FIRST], false, 0")) == "city"
    assert note_of(node("Project", "Project [city#4, n#5 AS m#6]")) == "city, n AS m"


def test_every_line_and_box_lies_within_the_width() -> None:
    long = node("Filter", "Filter (" + " AND ".join(f"(column_{n}#7 = {n})" for n in range(60)))
    picture = ElementTree.fromstring(plan_as_svg(node("Project", "Project [x]", long)))
    assert int(picture.get("width", "0")) <= WIDTH + 1 <= 344
    for box in picture.iter(f"{SVG}rect"):
        assert float(box.get("x", "")) + float(box.get("width", "")) <= WIDTH + 1
    notes = [one for one in texts(plan_as_svg(long)) if "column_" in one]
    assert len(notes) == 3 and notes[-1].endswith("…")
    assert max(len(one) for one in notes) * 5.9 <= WIDTH


def test_a_learners_names_cannot_write_into_the_page() -> None:
    bad = '</text></svg><script>alert("x")</script>\u202e&'
    svg = plan_as_svg(scan(bad, f"{bad}:string"), bad)
    ElementTree.fromstring(svg)
    assert "<script" not in svg and "\u202e" not in svg


def test_a_long_plan_is_cut_and_says_so() -> None:
    plan = ORDERS
    for number in range(MOST_BOXES + 9):
        plan = node("Filter", f"Filter (a#1 = {number})", plan)
    shown = texts(plan_as_svg(plan))
    assert shown.count("Filter") == MOST_BOXES
    assert shown[-1] == "and 10 more below"


def test_inputs_of_a_join_stand_in_columns_of_their_own() -> None:
    union = node("Union", "Union", *[scan(f"{n}.parquet", "a:int") for n in range(3)])
    boxes = [
        float(one.get("x", ""))
        for one in ElementTree.fromstring(plan_as_svg(union)).iter(f"{SVG}rect")
        if one.get("rx") == "4"
    ]
    assert boxes == [1, 41, 21, 1]


def test_two_pictures_on_a_page_have_names_of_their_own() -> None:
    marks = [set(re.findall(r' id="([^"]+)"', plan_as_svg(one))) for one in (GROUP, JOIN)]
    assert not marks[0] & marks[1]


def test_a_shuffle_that_is_used_again_is_one_shuffle() -> None:
    again = node("ReusedExchange", "ReusedExchange [city#9], Exchange ...", EXCHANGE)
    plan = node("SortMergeJoin", "SortMergeJoin [city#4], [city#9], Inner", EXCHANGE, again)
    assert texts(plan_as_svg(plan)).count("shuffle") == 1
    assert "used again" in texts(plan_as_svg(plan))
    facts = SparkFacts(Phase(plans={(1, 1): plan}), Phase())
    assert facts.exchanges == 1
    assert len(facts.nodes("Scan")) == 1
