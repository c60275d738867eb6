"""Dashboard, alerts and documentation name what exists: each metric, each label, each alert."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from prometheus_client.metrics_core import Metric

from bot.content.load import yaml_format
from bot.tg.desk import Outcome
from bot.watch.figures import VERSION
from tests.stage import Stage

ROOT = Path(__file__).parents[2]
DASHBOARD = json.loads((ROOT / "deploy/grafana/tangga.json").read_text(encoding="utf-8"))
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml_format().load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
OPERATIONS = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
PROMETHEUS_OWN = {"up"}
SUFFIXES = {
    "counter": ("_total",),
    "gauge": ("",),
    "histogram": ("_bucket", "_sum", "_count"),
    "summary": ("_sum", "_count"),
}
QUERIES = [target["expr"] for panel in DASHBOARD["panels"] for target in panel.get("targets", ())]


def _families(play: Stage) -> dict[str, Metric]:
    return {family.name: family for family in play.app.watch.metrics.registry.collect()}


def _names(play: Stage) -> set[str]:
    """Return the names under which Prometheus knows what this process counts."""
    return {name + suffix for name, family in _families(play).items() for suffix in SUFFIXES[family.type]}


def _named(query: str) -> set[str]:
    """Return the metrics that a query names: words that are no functions, labels or values."""
    bare = re.sub(r'"[^"]*"', '""', query)
    bare = re.sub(r"\b(?:by|without|on|ignoring)\s*\([^)]*\)|\{[^}]*\}|\[[^]]*\]", " ", bare)
    bare = re.sub(r"\boffset\s+\w+|\b\d[\w.]*", " ", bare)
    return {word for word in re.findall(r"[a-z_]\w*(?!\w*\s*\()", bare) if word not in ("and", "or", "unless")}


def test_metrics_are_read_out_of_a_query() -> None:
    query = 'sum by (le) (rate(a_bucket{bot=~"$bot",x="y"}[5m])) / max(b offset 1d) > 5e8 and up{job="t"} == 0'

    assert _named(query) == {"a_bucket", "b", "up"}


@pytest.mark.parametrize("query", QUERIES)
def test_query_of_the_dashboard_names_what_exists(play: Stage, query: str) -> None:
    assert _named(query) - _names(play) == set()
    assert _named(query) != set()


def test_dashboard_shows_every_metric_of_ours(play: Stage) -> None:
    shown = {name for query in QUERIES for name in _named(query)}
    families = {name: family for name, family in _families(play).items() if name.startswith("tangga_")}

    unseen = [name for name, family in families.items() if not {name + s for s in SUFFIXES[family.type]} & shown]

    assert unseen == []


def test_dashboard_has_these_rows() -> None:
    rows = [panel["title"] for panel in DASHBOARD["panels"] if panel["type"] == "row"]

    assert rows == ["People see", "Telegram", "Owed", "Database", "Process", "Funnel"]


def test_panels_are_numbered_once_and_stand_beside_each_other() -> None:
    places = [(p["gridPos"]["x"], p["gridPos"]["y"]) for p in DASHBOARD["panels"]]
    ids = [panel["id"] for panel in DASHBOARD["panels"]]

    assert (len(set(places)), len(set(ids))) == (len(places), len(ids))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_alert_names_what_exists_and_says_what_to_do(play: Stage, rule: dict[str, Any]) -> None:
    assert _named(rule["expr"]) - _names(play) - PROMETHEUS_OWN == set()
    assert _named(rule["expr"]) != set()
    assert rule["labels"]["severity"] in ("page", "ticket")
    assert rule["annotations"]["summary"]
    assert f"| `{rule['alert']}` |" in OPERATIONS


def test_updates_that_come_again_are_all_but_those_done_and_those_of_a_flood() -> None:
    again = "|".join(sorted(outcome.name.lower() for outcome in Outcome if outcome is not Outcome.DONE))
    queries = [*QUERIES, *(rule["expr"] for rule in RULES)]
    named = [one for query in queries for one in re.findall(r'tangga_updates_total\{[^}]*outcome([^"]+"[^"]*)"', query)]

    assert set(named) == {f'=~"{again}'}


@pytest.mark.parametrize(
    "rule", [r for r in RULES if "$value | humanizePercentage" in r["annotations"]["summary"]], ids=lambda r: r["alert"]
)
def test_alert_that_tells_a_share_is_about_a_share(rule: dict[str, Any]) -> None:
    first, *_ = rule["expr"].split(" and ")  # whose value Prometheus tells

    assert " / " in first


def test_nobody_who_sweeps_is_told_of_also_where_nobody_is_left_to_tell() -> None:
    (rule,) = (rule for rule in RULES if rule["alert"] == "TanggaNobodySweeps")

    assert rule["expr"].endswith(" or absent(tangga_sweep_age_seconds)")


@pytest.mark.parametrize("query", [*QUERIES, *(rule["expr"] for rule in RULES)])
def test_labels_of_a_query_exist(play: Stage, query: str) -> None:
    families = _families(play)
    known = {"le", "instance", "job"} | {
        label for family in families.values() for sample in family.samples for label in sample.labels
    }
    known |= {"bot", "verb", "outcome", "event", "method", "verdict", "kind", "lane", "check", "step"}
    known |= {"version", "release"}
    matched = re.findall(r"[{,]\s*(\w+)\s*(?:=~|!~|!=|=)", query)
    grouped = [label.strip() for group in re.findall(r"\bby \(([^)]*)\)", query) for label in group.split(",")]

    assert set(matched + grouped) - known == set()


def test_every_metric_is_documented_and_nothing_else(play: Stage) -> None:
    table = set(re.findall(r"^\| `((?:tangga|process)_\w+)`", OPERATIONS, flags=re.M))
    registered = {name + ("_total" if family.type == "counter" else "") for name, family in _families(play).items()}

    assert table == registered


def test_version_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert project["version"] == VERSION
