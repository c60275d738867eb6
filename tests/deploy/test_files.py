"""What stands in deploy/ agrees with the program: settings, commands, paths, ports, secrets, walls."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from ruamel.yaml import YAML

from bot import cli
from bot.settings import NAMES
from bot.store.backup import KEPT_FOR
from tests.process.support import ROOT

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
LONG_RUNNING = [path for path in UNITS if path.name != "tangga-backup.service"]
GRACE = 10
OURS = {*NAMES, *(f"{name}_FILE" for name in NAMES)}
FROM_OPERATORS = {"secrets", "certificates"}
"""Folders beside the compose file that hold what is nobody else's."""
SYSTEMD_WALLS = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "PrivateDevices": "yes",
    "CapabilityBoundingSet": "",
    "SystemCallFilter": "@system-service",
    "User": "tangga",
    "UMask": "0077",
}


def _text(name: str) -> str:
    return (DEPLOY / name).read_text(encoding="utf-8")


def _compose() -> dict[str, Any]:
    found: dict[str, Any] = YAML(typ="safe").load(_text("compose.yaml"))
    return found


def _bot_services() -> dict[str, dict[str, Any]]:
    return {name: one for name, one in _compose()["services"].items() if one["image"].startswith("tangga")}


def _unit(path: Path) -> dict[str, list[str]]:
    """Return the values of each key of a unit, in order."""
    found: dict[str, list[str]] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and line[0] not in "#[":
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
    return found


def _environment(unit: dict[str, list[str]]) -> dict[str, str]:
    pairs = [pair.partition("=") for line in unit.get("Environment", []) for pair in shlex.split(line)]
    return {name: value for name, _, value in pairs}


def _parses(arguments: list[str]) -> bool:
    """Tell whether these are arguments of `python -m bot`."""
    try:
        cli._parser().parse_args(arguments)
    except SystemExit:
        return False
    return True


def test_compose_names_only_settings_that_exist_and_commands_that_parse() -> None:
    for name, service in _bot_services().items():
        arguments = service.get("command") or shlex.split(
            str(service["entrypoint"][2]).split("-m bot ")[1].split(";")[0]
        )

        assert set(service["environment"]) <= OURS, name
        assert _parses(arguments), name


def test_compose_gives_secrets_as_files_and_only_those_that_are_needed() -> None:
    compose = _compose()

    for name, service in compose["services"].items():
        named = {
            str(value).rpartition("/")[2]
            for value in service.get("environment", {}).values()
            if "/run/secrets/" in str(value)
        }
        assert named == set(service.get("secrets", [])), name
        assert {
            key
            for key in service.get("environment", {})
            if re.search("TOKEN|SECRET|PASSWORD", key) and not key.endswith("_FILE")
        } == set()
    used = {secret for service in compose["services"].values() for secret in service.get("secrets", [])}
    assert used == set(compose["secrets"])
    assert {entry["file"] for entry in compose["secrets"].values()} == {f"./secrets/{name}" for name in used}


def test_compose_walls_every_process_of_ours_in() -> None:
    for name, service in _bot_services().items():
        assert service["read_only"] is True, name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert int(service["stop_grace_period"].removesuffix("s")) > GRACE, name
        assert service["mem_limit"] == "600m", name
        assert "ports" not in service or all(port.startswith("127.0.0.1:") for port in service["ports"]), name


def test_compose_refers_to_what_is_there() -> None:
    compose = _compose()
    services = compose["services"]

    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        for volume in service.get("volumes", []):
            source = volume.partition(":")[0]
            known = source in compose["volumes"] or source.removeprefix("./") in FROM_OPERATORS
            assert known or (DEPLOY / source).exists(), volume
        for mounted in service.get("configs", []):
            assert mounted["source"] in compose["configs"]
    build = services["web1"]["build"]
    assert (DEPLOY / build["context"] / build["dockerfile"]).is_file()


def test_compose_waits_for_a_database_that_takes_connections_and_for_secrets_that_can_be_read() -> None:
    (user,) = re.findall(r"^USER (\d+)$", _text("Containerfile"), flags=re.M)
    test = _compose()["services"]["postgres"]["healthcheck"]["test"]

    assert test[test.index("-h") + 1] == "127.0.0.1"
    assert f"chown {user} deploy/secrets/*" in _text("compose.yaml").partition("\nname:")[0]


def test_two_replicas_of_each_part_and_one_small_machine() -> None:
    commands = [tuple(service["command"]) for service in _bot_services().values() if "command" in service]

    assert {command: commands.count(command) for command in commands} == {
        ("migrate",): 1,
        ("run", "--only", "web"): 2,
        ("run", "--only", "work"): 2,
        ("run",): 1,
    }
    assert {tuple(service["profiles"]) for service in _compose()["services"].values()} == {("replicas",), ("small",)}


def test_container_installs_by_hash_and_runs_as_nobody_special() -> None:
    text = _text("Containerfile")
    copied = [line.split()[1] for line in text.splitlines() if line.startswith("COPY ") and "--from" not in line]

    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert set(copied) == {"requirements/run.txt", "bot", "content", "locales"}
    handed_in = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()[1:]
    assert handed_in == ["*", *(f"!{name}" for name in copied), "**/__pycache__"]
    assert "--require-hashes --no-deps --only-binary :all:" in text
    assert text.count("FROM ${PYTHON}") == 2 and "ARG PYTHON=python:3.11-slim" in text
    assert re.findall(r"^USER (\d+)$", text, flags=re.M) == ["10001"]
    assert "/healthz" in text.partition("HEALTHCHECK")[2]
    environment = dict(re.findall(r"\b([A-Z_]+)=(\S+)", "".join(re.findall(r"^ENV .*$", text, flags=re.M))))
    assert {name for name in environment if name not in OURS} == {
        "PATH",
        "PYTHONUNBUFFERED",
        "PYTHONDONTWRITEBYTECODE",
        "PIP_DISABLE_PIP_VERSION_CHECK",
        "PIP_NO_CACHE_DIR",
    }
    assert re.findall(r"^EXPOSE (\d+)$", text, flags=re.M) == [environment["WEB_PORT"]]


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_unit_runs_a_command_with_settings_that_exist(path: Path) -> None:
    unit = _unit(path)
    (command,) = unit["ExecStart"]
    environment = _environment(unit)

    program, *arguments = shlex.split(command)
    assert program == "/opt/tangga/.venv/bin/python"
    assert arguments[:2] == ["-m", "bot"] and _parses(arguments[2:])
    assert set(environment) <= OURS
    credentials = {line.partition(":")[0] for line in unit.get("LoadCredential", [])}
    assert {value.removeprefix("%d/") for value in environment.values() if value.startswith("%d/")} == credentials
    for document in unit["Documentation"]:
        assert (ROOT / document.removeprefix("file:/opt/tangga/")).is_file()


@pytest.mark.parametrize("path", UNITS, ids=lambda path: path.name)
def test_unit_is_walled_in(path: Path) -> None:
    unit = _unit(path)

    assert {key: unit.get(key, ["?"])[-1] for key in SYSTEMD_WALLS} == SYSTEMD_WALLS
    assert re.fullmatch(r"\d+M", unit["MemoryMax"][0])


@pytest.mark.parametrize("path", LONG_RUNNING, ids=lambda path: path.name)
def test_unit_comes_back_and_is_given_time_to_stop(path: Path) -> None:
    unit = _unit(path)

    assert (unit["Restart"], unit["StartLimitIntervalSec"]) == (["always"], ["0"])
    assert int(unit["TimeoutStopSec"][0]) > GRACE
    assert unit["OOMPolicy"] == ["continue"]  # a drawing that took too much ends, and the bot draws the next one


def test_back_up_timer_keeps_the_promise_of_five_minutes() -> None:
    timer = _unit(DEPLOY / "systemd" / "tangga-backup.timer")
    one, backed_up = (
        _environment(_unit(DEPLOY / "systemd" / f"{name}.service")) for name in ("tangga", "tangga-backup")
    )

    assert timer["OnCalendar"] == ["*:0/5"]
    assert (one["DATABASE_URL"], one["DATA_DIR"]) == (backed_up["DATABASE_URL"], backed_up["DATA_DIR"])


def test_nginx_hands_updates_to_another_replica_and_logs_no_secret() -> None:
    text = _text("nginx/tangga.conf")
    webhook = text.partition("location /telegram {")[2].partition("\n    }")[0]
    rest = text.replace(webhook, "")

    assert text.count("{") == text.count("}")
    assert "proxy_next_upstream error timeout http_502 http_503 non_idempotent;" in webhook
    assert "access_log off;" in webhook
    assert "non_idempotent" not in rest
    assert re.findall(r"\$(?:args|request|request_uri|query_string|http_\w+)\b", rest) == []
    assert "add_header Retry-After 1 always;" in rest


def test_nginx_limits_browsers_and_never_telegram() -> None:
    text = _text("nginx/tangga.conf")
    server = re.sub(r" +location [^{]*\{[^}]*\}", "", text)
    places = dict(re.findall(r"location ([^{]*) \{([^}]*)\}", text))

    assert re.findall(r"^ +limit_\w+ ", server, flags=re.M) == []
    assert [name for name, inside in places.items() if "limit_conn addresses" in inside] == ["/masuk", "/"]


def test_nginx_writes_only_where_a_container_lets_it() -> None:
    logs = re.findall(r"access_log (/\S+) ", _text("nginx/tangga.conf"))
    service = _compose()["services"]["nginx"]

    assert service["read_only"] is True
    assert logs == ["/var/log/nginx/access.log"]  # in the image a link to standard output


def test_nginx_speaks_tls_of_today_alone() -> None:
    text = _text("nginx/tangga.conf")
    plain, tls = text.partition("listen 80;")[2].split("listen 443 ssl", 1)

    assert re.findall(r"ssl_protocols (.*);", tls) == ["TLSv1.2 TLSv1.3"]
    assert "return 301 https://" in plain and "proxy_pass" not in plain


def test_nginx_hangs_up_before_the_bot_does() -> None:
    (kept,) = re.findall(r"keepalive_timeout (\d+)s;", _text("nginx/tangga.conf"))

    assert int(kept) < uvicorn.Config(lambda: None).timeout_keep_alive


def test_nginx_shows_health_to_this_machine_alone() -> None:
    health = _text("nginx/tangga.conf").partition("(healthz|readyz|metrics)$ {")[2].partition("}")[0]

    assert re.findall(r"(allow|deny) (\S+);", health) == [("allow", "127.0.0.1"), ("deny", "all")]


def test_nginx_finds_what_compose_and_units_run() -> None:
    text, compose = _text("nginx/tangga.conf"), _compose()
    upstreams = {
        name: re.findall(r"^server (\S+):(\d+) ", _text(f"nginx/{name}"), flags=re.M)
        for name in ("upstream.conf", "upstream.compose.conf")
    }
    address = re.findall(r"https://[^}]+", compose["services"]["web1"]["environment"]["WEBHOOK_URL"])[0]

    assert re.findall(r"include (\S+);", text) == ["/etc/nginx/tangga-upstream.conf"]
    assert f"location {urlsplit(address).path} " in text
    assert {host for host, _ in upstreams["upstream.compose.conf"]} == {
        name for name, service in _bot_services().items() if service.get("command") == ["run", "--only", "web"]
    }
    assert {port for _, port in upstreams["upstream.compose.conf"]} == {"8080"}
    documented = _text("systemd/tangga-web@.service")
    assert [f"tangga-web@{port}" in documented for _, port in upstreams["upstream.conf"]] == [True, True]


def test_scripts_of_postgresql_are_shell_and_keep_no_longer_than_promised() -> None:
    scripts = sorted((DEPLOY / "postgresql").glob("*.sh"))

    checked = [subprocess.run(["sh", "-n", str(path)], capture_output=True, check=False).stderr for path in scripts]

    assert checked == [b""] * 3
    assert all(path.stat().st_mode & 0o111 for path in scripts)
    assert f"TANGGA_BACKUP_DAYS:-{KEPT_FOR.days}" in _text("postgresql/backup.sh")
    named = re.findall(r"/opt/tangga/(\S+\.(?:sh|conf))", _text("postgresql/tangga.conf") + _text("compose.yaml"))
    assert [name for name in named if not (ROOT / name).is_file()] == []


def test_nothing_in_deploy_holds_a_secret() -> None:
    found = [path for path in DEPLOY.rglob("*") if path.is_file()]

    assert [p for p in found if re.search(r"\d{8,}:[\w-]{30,}|PRIVATE KEY", p.read_text(encoding="utf-8"))] == []


def test_runbook_knows_every_alert_and_command() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    alerts = set(re.findall(r"alert: (\w+)", _text("prometheus/alerts.yml")))

    assert set(re.findall(r"`(Tangga\w+)`", runbook)) == alerts
    for command in re.findall(r"python -m bot ([^`#\n]+)", runbook):
        assert _parses(shlex.split(command)), command
    for named in re.findall(r"`((?:tests|deploy)/[\w/.@-]+)`", runbook):
        assert (ROOT / named).exists(), named


def test_runbook_names_units_folders_and_services_that_deploy_has() -> None:
    runbook = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")
    deployed = "".join(path.read_text(encoding="utf-8") for path in DEPLOY.rglob("*") if path.is_file())
    units = {
        f"{name}{instance and '@'}" for name, instance in re.findall(r"\b(tangga-(?:web|work|backup))(@?)", runbook)
    }
    folders = re.findall(r"/(?:etc|var/lib|var/backups)/tangga[a-z-]*(?:/secrets)?", runbook)

    assert units == {"tangga-web@", "tangga-work@", "tangga-backup"}
    assert [name for name in units if not (DEPLOY / "systemd" / f"{name}.service").is_file()] == []
    assert [name for name in set(folders) if not re.search(rf"{name}(?![\w-])", deployed)] == []
    assert set(re.findall(r"`(?:web|work|small)[\w-]*`", runbook)) <= {f"`{name}`" for name in _compose()["services"]}
