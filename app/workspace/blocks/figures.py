"""Tables and charts."""

from typing import Any

from app.workspace.blocks.fields import Chars, Flag, Items, Number, OneOf, Rule, Shape, Whole, problem
from app.workspace.blocks.rich_text import BLOCK, RICH_TEXT

DATA_TABLE_CHARACTERS = 20_000

_RAW_TEXT = Shape({"type": Chars(), "text": Chars()}, ("text",))
_RAW_NUMBER = Shape({"type": Chars(), "value": Number(), "text": Chars()}, ("value",))
_CELL = OneOf({"raw_text": _RAW_TEXT, "raw_number": _RAW_NUMBER, "rich_text": RICH_TEXT})
_COLUMN = Shape({"align": Chars(among=frozenset({"left", "center", "right"})), "is_wrapped": Flag()})

_LABEL = Chars(20)
_POINT = Shape({"label": _LABEL, "value": Number()}, ("label", "value"))
_SEGMENT = Shape({"label": _LABEL, "value": Number()}, ("label", "value"))
_SERIES = Shape({"name": _LABEL, "data": Items(_POINT, 20)}, ("name", "data"))
_AXES = Shape(
    {"categories": Items(_LABEL, 20), "x_label": Chars(50), "y_label": Chars(50)},
    ("categories",),
)


def _one_value_a_category(value: dict[str, Any], path: str) -> list[str]:
    categories = value["axis_config"]["categories"]
    names = [series["name"] for series in value["series"]]
    if len(set(names)) < len(names):
        return [problem(f"{path}/series", "series names must be unique")]
    for at, series in enumerate(value["series"]):
        if [point["label"] for point in series["data"]] != categories:
            return [problem(f"{path}/series/{at}/data", "labels must be the categories, in order")]
    return []


def _positive(value: dict[str, Any], path: str) -> list[str]:
    if all(segment["value"] > 0 for segment in value["segments"]):
        return []
    return [problem(f"{path}/segments", "values must be more than 0")]


_CHART = Shape(
    {"type": Chars(), "series": Items(_SERIES, 12), "axis_config": _AXES},
    ("series", "axis_config"),
    also=_one_value_a_category,
)
_PIE = Shape({"type": Chars(), "segments": Items(_SEGMENT, 12)}, ("segments",), also=_positive)


def _even_and_short(value: dict[str, Any], path: str) -> list[str]:
    rows = value["rows"]
    if len({len(row) for row in rows}) > 1:
        return [problem(f"{path}/rows", "rows must have equally many cells")]
    written = sum(len(str(cell.get("text", ""))) for row in rows for cell in row)
    if written > DATA_TABLE_CHARACTERS:
        return [problem(f"{path}/rows", f"must be less than {DATA_TABLE_CHARACTERS + 1} characters")]
    return []


FIGURES: dict[str, Rule] = {
    "table": Shape(BLOCK | {"rows": Items(Items(_CELL, 20), 100), "column_settings": Items(_COLUMN, 20, 0)}, ("rows",)),
    "data_table": Shape(
        BLOCK
        | {
            "rows": Items(Items(_CELL, 20), 201, 2),
            "caption": Chars(),
            "page_size": Whole(1, 100),
            "row_header_column_index": Whole(0, 19),
        },
        ("rows", "caption"),
        also=_even_and_short,
    ),
    "data_visualization": Shape(
        BLOCK
        | {
            "title": Chars(50),
            "chart": OneOf({"pie": _PIE, "bar": _CHART, "area": _CHART, "line": _CHART}),
        },
        ("title", "chart"),
    ),
}
