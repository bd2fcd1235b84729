"""The dashboard, the alerts and the table of metrics speak of what a scrape shows."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from aiohttp import ClientSession

from tests.scenarios.scene import Scene

DOCS = Path(__file__).parents[2] / "docs"
DASHBOARD = json.loads((DOCS / "grafana-dashboard.json").read_text(encoding="utf-8"))
ALERTS = yaml.safe_load((DOCS / "alerts.yml").read_text(encoding="utf-8"))
OPERATING = (DOCS / "operating.md").read_text(encoding="utf-8")
SERIES = {"histogram": ("_bucket", "_sum", "_count"), "counter": ("",), "gauge": ("",)}


async def shown(scene: Scene) -> dict[str, set[str]]:
    """Every series of a scrape, with the names of its labels as far as it has samples."""
    async with ClientSession() as session, session.get(f"http://127.0.0.1:{scene.product.port}/metrics") as answer:
        text = await answer.text()
    series: dict[str, set[str]] = {}
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", text, flags=re.MULTILINE):
        series.update({name + ending: set() for ending in SERIES[kind]})
    for name, labels in re.findall(r"^(\w+)(?:\{(.*?)\})? ", text, flags=re.MULTILINE):
        series[name] |= set(re.findall(r'(\w+)="', labels))
    return series


def rules() -> Iterator[dict[str, Any]]:
    for group in ALERTS["groups"]:
        yield from group["rules"]


def panels() -> list[dict[str, Any]]:
    return [panel for panel in DASHBOARD["panels"] if panel["type"] != "row"]


def expressions() -> list[str]:
    """All questions to Prometheus, in the dashboard and in the alerts."""
    asked = [target["expr"] for panel in panels() for target in panel["targets"]]
    lists = [variable["definition"] for variable in DASHBOARD["templating"]["list"] if variable["type"] == "query"]
    return [*asked, *lists, *(rule["expr"] for rule in rules())]


async def test_every_metric_that_is_asked_for_is_shown(scene: Scene) -> None:
    there = set(await shown(scene))
    asked = {name for one in expressions() for name in re.findall(r"\b(?:ai_incident|process)_\w+", one)}
    assert len(asked) > 20
    assert asked - there == set()


async def test_every_label_that_is_asked_for_is_one_of_the_metric(scene: Scene) -> None:
    await scene.declare()
    await scene.passes(minutes=61)
    there = await shown(scene)
    for one in expressions():
        for name, chosen in re.findall(r"\b((?:ai_incident|process)_\w+)\{(.*?)\}", one):
            wanted = set(re.findall(r"(\w+)(?:=~|!=|=)", re.sub(r'"[^"]*"', '""', chosen))) - {"instance", "job"}
            # Of what has not happened yet there are no samples to look at.
            assert not there[name] or wanted <= there[name], one


async def test_the_table_of_metrics_has_each_of_them_and_no_other(scene: Scene) -> None:
    kinds = {name for name in await shown(scene) if name.startswith("ai_incident_")}
    there = {re.sub(r"_(bucket|sum|count)$", "", name).removeprefix("ai_incident_") for name in kinds}
    table = OPERATING.partition("| `ai_incident_…` |")[2].partition("\n\n")[0]
    told = {
        name
        for line in table.splitlines()
        for name in re.findall(r"`(\w+)`", line.split("|")[1] if "|" in line else "")
    }
    assert told == there


def test_the_dashboard_can_be_imported() -> None:
    assert DASHBOARD["title"] == "AI Incident"
    assert len({panel["id"] for panel in DASHBOARD["panels"]}) == len(DASHBOARD["panels"])
    for panel in panels():
        assert panel["type"] in {"stat", "timeseries"}
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    taken = [
        (p["gridPos"]["x"] + dx, p["gridPos"]["y"] + dy)
        for p in DASHBOARD["panels"]
        for dx in range(p["gridPos"]["w"])
        for dy in range(p["gridPos"]["h"])
    ]
    assert len(taken) == len(set(taken))
    assert max(x for x, _ in taken) < 24


def test_every_alert_says_in_words_what_is_wrong_and_how_much_it_matters() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(names) == len(set(names))
    for rule in rules():
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
        assert rule["labels"]["severity"] in {"page", "ticket"}
        assert rule["annotations"]["summary"].endswith(".")
        assert re.fullmatch(r"\d+[ms]", rule.get("for", "1m"))
        assert rule["expr"].count("(") == rule["expr"].count(")")
