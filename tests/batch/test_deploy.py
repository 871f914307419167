"""What is under deploy/ calls the command as it is, and says what the tools that read it expect."""

import configparser
import json
import re
import shlex
from pathlib import Path

import pytest
import yaml

from staffing.batch.config import Config
from staffing.batch.metrics import GAUGES
from staffing.cli import main

DEPLOY = Path(__file__).parents[2] / "deploy"


def unit(name):
    read = configparser.ConfigParser(strict=False, interpolation=None)
    read.optionxform = str
    read.read(DEPLOY / "systemd" / name)
    return read


def commands():
    cron = (DEPLOY / "crontab").read_text().splitlines()[-1]
    assert len(cron.split()[:5]) == 5
    yield unit("staffing-batch@.service")["Service"]["ExecStart"]
    yield cron.split("&&")[1].split("2>>")[0]
    job = yaml.safe_load((DEPLOY / "kubernetes" / "cronjob.yaml").read_text())
    (container,) = job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"]
    yield container["args"][0].split(";")[0]
    compose = yaml.safe_load((DEPLOY / "compose.yaml").read_text())
    (line,) = re.findall(r"staffing batch run .*", compose["services"]["batch"]["command"][0])
    yield line


def test_every_clock_calls_the_command_as_it_is(capsys):
    for text in commands():
        words = shlex.split(text)
        assert words[0].endswith("staffing")
        assert words[1:3] == ["batch", "run"]
        with pytest.raises(SystemExit) as ended:
            main([*words[1:], "--help"])
        assert ended.value.code == 0
        assert "Exit codes" in capsys.readouterr().out


def test_a_run_that_was_partly_done_is_no_failure():
    service = unit("staffing-batch@.service")
    assert service["Service"]["SuccessExitStatus"] == "3"
    assert service["Unit"]["OnFailure"] == "staffing-alert@%i.service"
    assert unit("staffing-batch@.timer")["Timer"]["OnCalendar"]


def test_alerts_and_board_ask_for_metrics_that_are_written():
    alerts = yaml.safe_load((DEPLOY / "prometheus" / "alerts.yml").read_text())
    rules = [rule["expr"] for group in alerts["groups"] for rule in group["rules"]]
    board = json.loads((DEPLOY / "grafana" / "nightly.json").read_text())
    shown = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    asked = {name for text in (*rules, *shown) for name in re.findall(r"staffing_\w+", text)}
    assert len(rules) == 2
    assert asked <= set(GAUGES)


def test_the_image_runs_as_nobody_in_particular_and_tells_its_health():
    stages = (DEPLOY / "Dockerfile").read_text().split("FROM ")
    assert re.search(r"^USER (?!root|0)", stages[-1], re.MULTILINE)
    assert "HEALTHCHECK" in stages[-1]


def test_the_example_configuration_can_be_read():
    asked = Config.read(DEPLOY / "nightly.toml")
    assert asked.workspaces == (str(DEPLOY / "desk"),)
