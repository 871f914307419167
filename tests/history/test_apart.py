"""Packed uploads are read in a child process: the same answer, and the parent survives whatever happens there."""

import json
import subprocess
import sys

import pytest

from staffing.errors import InputErrors
from staffing.history import preview_upload, read_upload
from staffing.history.files import apart
from tests.history.samples import HERE, UTC, csv, parquet, table, xlsx

SHEETS = (
    ("Calls", [["timestamp", "calls", "weather"], ["2024-01-01 08:00", 5, "fine"], ["soon", "x", "fine"]]),
    ("b", []),
)


@pytest.mark.parametrize("data", [xlsx(*SHEETS), parquet(table().assign(queue="voice")), parquet(table())[:-40]])
def test_the_child_says_what_this_process_would_say(data):
    there, here = preview_upload("a", data, UTC), preview_upload("a", data, UTC, HERE)
    assert there.problems == here.problems
    assert there.notes == here.notes
    assert there.guesses == here.guesses
    assert there.ok == here.ok
    if here.ok:
        assert there.history.sha256 == here.history.sha256


@pytest.mark.parametrize("program", ["/bin/false", "/bin/echo"])
def test_a_child_that_dies_or_talks_nonsense_is_an_error_message(program, monkeypatch):
    monkeypatch.setattr(sys, "executable", program)
    with pytest.raises(InputErrors, match=r"a.xlsx: cannot be unpacked: .* Save it again, or export it as CSV."):
        read_upload("a.xlsx", xlsx(*SHEETS), UTC)


def test_plain_text_needs_no_child(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert len(read_upload("a.csv", csv(table()), UTC).frame) == 8


def test_the_childs_limits_arrive():
    tell = (
        "import resource as r, sys; from staffing.history.files import apart;"
        "apart._answer = lambda *_: sys.exit(str([r.getrlimit(k)[0] for k in (r.RLIMIT_AS, r.RLIMIT_CPU)]));"
        "apart.main()"
    )
    told = json.dumps({"file": "a", "max_rows": 10, "max_bytes": 10})
    child = subprocess.run([sys.executable, "-c", tell, told], input=b"", capture_output=True, check=False)
    assert child.stderr.decode().strip() == str([apart.MEMORY_BYTES, apart.CPU_S])
