import datetime as dt

import pytest

from staffing.domain.workforce import RuleBook
from staffing.errors import InputError, InputErrors
from staffing.store.workspace import Workspace

FILES = {
    "workspace.toml": '[[queues]]\nname = "voice"\n[service]\nservice_level = 0.8\n',
    "shifts.toml": '[[contracts]]\nname = "full"\nmax_hours = 44\n',
    "agents.csv": "agent,team,contract,skills,days,time_off\n"
    "سارا,north,full,voice,saturday;sunday,2026-12-01..2026-12-03;2026-12-10\n"
    "=cmd|x,north,full,,,\n",
    "events.csv": "name,kind,start,end,size,queue,effect\n"
    "app-4.0,launch,2026-12-01,,2,voice,\n"
    "sale,campaign,2026-12-05,,,,0.1\n",
    "scenarios/launch.toml": '[[events]]\nname = "app-4.0"\nstart = 2026-12-02\n',
    "scenarios/both.toml": 'base = "launch"\n[service]\nservice_level = 0.9\n',
}


@pytest.fixture
def folder(tmp_path):
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def test_a_folder_is_one_scenario(folder):
    base = Workspace.open(folder).base
    sara, other = base.agents
    assert (sara.name, sara.days, sara.can_work(dt.date(2026, 12, 5))) == ("سارا", ("saturday", "sunday"), True)
    assert not sara.can_work(dt.date(2026, 12, 6)) or dt.date(2026, 12, 6).strftime("%A") == "Sunday"
    assert [span.end.day for span in sara.time_off] == [3, 10]
    assert other.name == "=cmd|x"
    assert base.event("app-4.0").queues == ("voice",)
    assert base.event("sale").effect == 0.1


def test_rules_of_some_rotations_minimums_and_training_are_read(folder):
    (folder / "workspace.toml").write_text(
        FILES["workspace.toml"]
        + """
[rules]
preset = "eu"
prices = { max_days_in_row = 40.0 }

[[rule_changes]]
name = "longer rest"
start = 2026-12-05
contracts = ["full"]
rules = { min_rest_h = 12.0 }

[[minimums]]
name = "a senior"
senior = true
agents = 1
earliest = "08:00"
latest = "20:00"

[[sessions]]
name = "new product"
minutes = 60
start = 2026-12-07
end = 2026-12-11
teams = ["north"]
""",
        encoding="utf-8",
    )
    (folder / "shifts.toml").write_text(
        FILES["shifts.toml"]
        + """
[[shifts]]
name = "day"
length_min = 240
longest_min = 480
first_start = "08:00"
last_start = "10:00"
home = true
breaks = [{ name = "lunch", minutes = 30, paid = false, earliest_min = 180, latest_min = 240, from_length_min = 360 }]

[[rotations]]
name = "weeks"
start = 2026-12-07
weeks = [["day"], ["day", "day", "off", "off", "day", "any", "off"]]
teams = { north = 1 }
""",
        encoding="utf-8",
    )
    (folder / "agents.csv").write_text(
        "agent,team,contract,senior,languages,home,rotation,rotation_week\nann,north,full,true,fa;en,true,weeks,0\n",
        encoding="utf-8",
    )
    base = Workspace.open(folder).base
    ann = base.agents[0]
    assert (ann.languages, ann.home, ann.rotation_week) == (("fa", "en"), True, 0)
    assert base.rules.weekly_rest_h == 35
    assert base.rules.prices == {"max_days_in_row": 40.0}
    book = RuleBook(base.rules, base.rule_changes)
    assert [book.of(ann, dt.date(2026, 12, day)).min_rest_h for day in (4, 5)] == [11, 12]
    assert [len(shift.breaks) for shift in base.shifts[0].by_length] == [0, 0, 1, 1, 1]
    assert base.rotations[0].entry(1, 0, 2) == "off"
    assert base.minimums[0].counts(ann)
    assert base.sessions[0].concerns(ann)
    assert type(base).from_toml(base.to_toml()) == base


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[rule_changes]]\nname = "x"\nagents = ["who"]\nrules = {}\n', "unknown agent 'who'"),
        (
            '[[rule_changes]]\nname = "x"\nrules = { min_rest = 3 }\n',
            "rule_changes.0.rules': min_rest is not a known field",
        ),
        ("[rules]\nprices = { breaks = 3.0 }\n", "cannot be broken at a price"),
        ('[rules]\npreset = "moon"\n', "known: eu, iran"),
        ('[[minimums]]\nname = "x"\nagents = 1\nlanguage = "fr"\n', "counts none of the agents"),
        ('[[minimums]]\nname = "x"\nagents = 1\n', "give one of senior"),
        ('[[sessions]]\nname = "x"\nminutes = 60\nstart = 2026-12-07\nteams = ["south"]\n', "unknown team 'south'"),
    ],
)
def test_rules_that_cannot_be_meant_are_named(folder, text, says):
    with (folder / "workspace.toml").open("a", encoding="utf-8") as file:
        file.write(text)
    with pytest.raises(InputErrors, match=says):
        _ = Workspace.open(folder).base


def test_scenarios_stand_on_their_bases(folder):
    workspace = Workspace.open(folder)
    assert workspace.scenario_names == ("base", "both", "launch")
    both = workspace.scenario("both")
    assert both.event("app-4.0").start == dt.date(2026, 12, 2)
    assert both.service.service_level == 0.9
    assert both.name == "both"


def test_a_scenario_is_saved_and_read_back(folder):
    workspace = Workspace.open(folder)
    saved = workspace.save_scenario("busy", {"volume_factor": 1.2}, base="both")
    assert workspace.scenario("busy") == saved
    with pytest.raises(InputErrors):
        workspace.save_scenario("broken", {"volume_factor": -1})
    assert "broken" not in workspace.scenario_names


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("workspace.toml", "[[queues]\n", "workspace.toml: is not valid TOML"),
        (
            "workspace.toml",
            "[site]\nzone='x'\n[[queues]]\nname='v'\n",
            "workspace.toml, field 'site.zone': is not a known",
        ),
        ("workspace.toml", "events = []\n[[queues]]\nname='v'\n", "workspace.toml: 'events' do not belong here"),
        ("workspace.toml", "seed = 1\n", "workspace.toml, field 'queues': is missing"),
        ("shifts.toml", "rules = 1\n", "shifts.toml: 'rules' does not belong here"),
        ("events.csv", "name,start\n", "events.csv, row 1: lacks the column 'kind'"),
        ("events.csv", "name,kind,start,colour\n", "events.csv, row 1, column 'colour': is not a known column"),
        (
            "events.csv",
            "name,kind,start\na,launch,yesterday\n",
            "column 'start': must be a date such as 2026-12-31 (found 'yesterday')",
        ),
        ("events.csv", "name,kind,start\na,launch,2026-01-01,9\n", "events.csv, row 2: has more cells"),
        (
            "events.csv",
            "name,kind,start\na,launch,2026-01-01\na,launch,2026-01-02\n",
            "events.csv, row 3: the name 'a' stands in row 2 already",
        ),
        ("agents.csv", "agent,contract\nSara,half\n", "agents.csv: agent 'Sara' names the unknown contract 'half'"),
        ("agents.csv", "agent,contract,days\nSara,full,funday\n", "agents.csv, row 2, column 'days': must be 'monday'"),
        ("agents.csv", "agent,contract\n,full\n", "agents.csv, row 2, column 'agent': is missing"),
        ("agents.csv", "", "agents.csv, row 1: lacks the column 'agent'. It has: none."),
        ("agents.csv", "agent,contract,prefers\nSara,full,lat\n", "agents.csv: agent 'Sara' names the unknown shift"),
        (
            "events.csv",
            "name,kind,start,queue\na,launch,2026-01-01,fax\n",
            "events.csv, row 2, column 'queue': event 'a' names",
        ),
        ("shifts.toml", "[[contracts]]\nname='full'\n", "shifts.toml, field 'contracts.0.max_hours': is missing"),
        ("agents.csv", "agent,contract,earliest\nSara,full,25:00\n", "'25:00' is not a time of day"),
    ],
)
def test_a_bad_file_is_named(folder, name, text, says):
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        _ = Workspace.open(folder).base
    assert says in str(caught.value)


def test_a_bad_item_is_the_only_fault_of_its_list(folder):
    (folder / "workspace.toml").write_text("[[queues]]\nname = 'voice'\naht_s = -1\n", encoding="utf-8")
    with pytest.raises(InputErrors) as caught:
        _ = Workspace.open(folder).base
    problems = [str(problem) for problem in caught.value.problems]
    assert problems == ["workspace.toml, field 'queues.0.aht_s': must be greater than 0 (found '-1')."]


def test_text_that_is_not_utf8_is_named(folder):
    (folder / "events.csv").write_bytes("name,kind,start\nñ,launch,2026-01-01\n".encode("cp1252"))
    with pytest.raises(InputError, match=r"events\.csv: is not UTF-8 text\. Save it as CSV UTF-8"):
        _ = Workspace.open(folder).base


def test_a_circle_of_scenarios_is_named(folder):
    (folder / "scenarios/launch.toml").write_text('base = "both"\n')
    with pytest.raises(InputError, match="based on itself"):
        Workspace.open(folder).scenario("both")


def test_an_unknown_scenario_lists_the_known(folder):
    with pytest.raises(InputError, match=r"no scenario '\.\./x'\. Known: base, both, launch"):
        Workspace.open(folder).scenario("../x")


def test_a_folder_that_is_no_workspace(tmp_path):
    with pytest.raises(InputError, match=r"has no workspace\.toml"):
        Workspace.open(tmp_path)
