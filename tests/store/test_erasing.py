"""A name erased: it stands nowhere any more, everything else is as it was, and other people's names are left."""

import datetime as dt
import io

import pandas as pd
import pytest

from staffing.errors import InputError
from staffing.store import audit, erasing, links
from staffing.store.absences import Absence
from staffing.store.publications import Signed
from staffing.store.roster_work import RosterWork, RosterWorks
from staffing.store.sql import database
from staffing.store.sql.stored import bring_in
from staffing.store.workspace import Workspace
from tests.roster.sites import START, shifts_of

NOW = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
WHO, LONGER = "Dan", "Dan Brown"


@pytest.fixture(params=["folder", "database"])
def workspace(request, small_workspace, tmp_path, monkeypatch):
    people = (small_workspace / "agents.csv").read_text()
    row = next(line for line in people.splitlines() if line.startswith(f"{WHO},"))
    (small_workspace / "agents.csv").write_text(f"{people.rstrip()}\n{row.replace(WHO, LONGER, 1)}\n")
    if request.param == "folder":
        made = Workspace.open(small_workspace)
    else:
        monkeypatch.setenv(database.VARIABLE, f"sqlite:///{tmp_path / 'db' / 'staffing.db'}")
        made = bring_in(small_workspace)
    book = made.rosters
    table = pd.concat([shifts_of(name, "Mon 08:00-17:00") for name in (WHO, LONGER, "Ada")])
    book.publish(START, table, Signed("Bo", "Dan Brown asked, Dan is ill; Danube"), NOW)
    away = [Absence(WHO, dt.date(2026, 11, 24), dt.date(2026, 11, 24), "Dan's flu")]
    book.keep(table, away=away, by_hand=[(WHO, START)])
    works = RosterWorks(made.ground, "Bo")
    works.keep(START, "base", RosterWork.on(table, book.seen(START)).with_version(table, tuple(away)), "")
    links.make(made.ground, "person", WHO)
    links.make(made.ground, "person", LONGER)
    made.cache_folder.mkdir(exist_ok=True)
    (made.cache_folder / "stage").write_text(WHO)
    yield made
    database.opened.cache_clear()


def everything(workspace) -> dict[str, str]:
    """All that is kept, as text."""
    aside = (".desk/lock", ".desk/gen", ".staffing", "history")
    names = [name for name in workspace.ground.names("", "") if not name.startswith(aside)]
    kept = {name: content for name in names if (content := workspace.ground.read(name))}
    tables = {name: pd.read_parquet(io.BytesIO(kept[name])).to_csv() for name in kept if name.endswith(".parquet")}
    return {name: tables.get(name) or content.decode() for name, content in kept.items()}


def test_the_name_stands_nowhere_and_all_else_is_as_it_was(workspace):
    before = everything(workspace)
    where = erasing.found(workspace, WHO)
    assert everything(workspace) == before
    done = erasing.erase(workspace, WHO)
    after = everything(workspace)
    assert (done, done.stands_for) == (where, "former-1")
    assert {"agents.csv", "absences.csv", "links.csv", "rosters/journal.jsonl"} <= set(done.documents)
    assert sum(name.endswith(".parquet") for name in done.documents) == 3  # published, drafted, in hand
    for name, text in after.items():
        assert WHO not in text.replace(LONGER, "").replace("Danube", ""), name
        assert text.count(LONGER) == before[name].count(LONGER), name
    unchanged = set(before) - set(done.documents) - {audit.FILE}
    assert {name: after[name] for name in unchanged} == {name: before[name] for name in unchanged}
    assert not workspace.cache_folder.exists()
    entry = workspace.rosters.newest(START)
    assert entry.why == "Dan Brown asked, former-1 is ill; Danube"
    assert set(workspace.rosters.table(entry)["agent"]) == {"former-1", LONGER, "Ada"}
    assert workspace.rosters.by_hand(START) == {("former-1", START)}
    assert [link.name for link in links.links(workspace.ground)] == [LONGER]
    reworded, told = after[audit.FILE].splitlines(), before[audit.FILE].splitlines()
    assert [line.replace("former-1 is ill", "Dan is ill") for line in reworded[: len(told)]] == told
    assert all("a person's name erased" in line for line in reworded[len(told) :])
    assert len(reworded) > len(told)


def test_the_next_one_gets_the_next_number_and_a_stranger_is_said(workspace):
    erasing.erase(workspace, WHO)
    assert erasing.erase(workspace, LONGER).stands_for == "former-2"
    with pytest.raises(InputError, match="stands nowhere"):
        erasing.erase(workspace, WHO)
