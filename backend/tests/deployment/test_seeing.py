"""What the server counts, the page that explains it, the dashboard and the alerts: all speak of the same things."""

from __future__ import annotations

import itertools
import json
import re
from typing import Any

import pytest
import yaml
from fastapi import FastAPI

from teleconsulta.main import create_app
from tests.deployment.test_files import ROOT
from tests.support import settings_for

TABLE = ROOT / "docs" / "operations" / "metrics.md"
BOARD = ROOT / "infra" / "grafana" / "teleconsulta.json"
ALERTS = ROOT / "infra" / "grafana" / "alerts.yaml"
SUFFIXES = ("_bucket", "_sum", "_count")
OTHERS = {"up", "process_cpu_seconds_total", "process_resident_memory_bytes"}
"""Of Prometheus itself, and of its client."""
OF_PROMETHEUS = {"job", "instance", "le"}
WHERE_BACKUPS_ARE = "teleconsulta_backup_"

Table = dict[str, tuple[str, frozenset[str]]]


def documented() -> Table:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \|([^|]*)\| .+ \|$", TABLE.read_text(), re.MULTILINE)
    return {name: (kind, frozenset(filter(None, re.split(r",\s*", labels.strip())))) for name, kind, labels in rows}


@pytest.fixture
async def app(tmp_path: Any) -> Any:
    made = create_app(settings_for("postgresql://nobody@127.0.0.1:1/none", tmp_path))
    yield made
    await made.state.database.close()


def counted(app: FastAPI) -> Table:
    registry = app.state.metrics.registry
    found: Table = {}
    for family in registry.collect():
        if family.name.startswith("teleconsulta_"):
            name = family.name + ("_total" if family.type == "counter" else "")
            labels = {label for sample in family.samples for label in sample.labels}
            collector = registry._names_to_collectors.get(family.name)  # the only one who knows a label without values
            found[name] = (family.type, frozenset(labels | set(getattr(collector, "_labelnames", ()))) - {"le"})
    return found


async def test_the_page_explains_exactly_what_is_counted(app: FastAPI) -> None:
    explained = {name: row for name, row in documented().items() if not name.startswith(WHERE_BACKUPS_ARE)}
    assert explained == {name: row for name, row in counted(app).items() if not name.startswith(WHERE_BACKUPS_ARE)}
    assert len(explained) > 30


@pytest.mark.parametrize("name", documented())
def test_names_follow_the_conventions(name: str) -> None:
    kind, labels = documented()[name]
    assert (kind == "counter") == name.endswith("_total")
    assert kind != "histogram" or name.endswith("_seconds")
    assert not labels & {"id", "user", "room", "participant", "name", "email", "address", "ip"}


def queries() -> list[str]:
    panels = json.loads(BOARD.read_text())["panels"]
    shown = [target["expr"] for panel in panels for target in panel.get("targets", ())]
    groups = yaml.safe_load(ALERTS.read_text())["groups"]
    return sorted({*shown, *(rule["expr"] for group in groups for rule in group["rules"])})


@pytest.mark.parametrize("query", queries(), ids=itertools.count())
def test_a_query_asks_for_what_there_is(query: str) -> None:
    table = documented()
    names = set(re.findall(r"\b(?:teleconsulta|process|up)\w*\b(?=[{\[) ]|$)", re.sub(r'"[^"]*"', '""', query)))
    assert names, query
    known: set[str] = set(OF_PROMETHEUS)
    for name in names - OTHERS:
        base = next((name.removesuffix(s) for s in SUFFIXES if name.removesuffix(s) in table), name)
        assert base in table, name
        assert (base != name) == (table[base][0] == "histogram"), name
        known |= table[base][1]
    matched = {label for inside in re.findall(r"\{([^}]*)\}", query) for label in re.findall(r"(\w+)\s*[!=]", inside)}
    grouped = {
        label.strip() for inside in re.findall(r"(?:by|ignoring|on) \(([^)]*)\)", query) for label in inside.split(",")
    }
    assert matched | grouped <= known, query
    assert query.count("(") == query.count(")")


def test_the_board_can_be_imported() -> None:
    board = json.loads(BOARD.read_text())
    assert board["__inputs"][0]["name"] == "DS_PROMETHEUS"
    ids = [panel["id"] for panel in board["panels"]]
    assert len(ids) == len(set(ids))
    for panel in board["panels"]:
        assert panel["type"] == "row" or panel["datasource"]["uid"] == "${DS_PROMETHEUS}"


def test_every_alert_says_what_to_do() -> None:
    rules = [rule for group in yaml.safe_load(ALERTS.read_text())["groups"] for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 10
    for rule in rules:
        assert rule["labels"]["severity"] in {"critical", "warning"}
        assert set(rule["annotations"]) == {"summary", "remedy"}
