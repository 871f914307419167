"""The page for whoever comes in the morning, in the language that they read."""

import pandas as pd
import pytest

from staffing.batch import run
from staffing.batch.report import write_report
from staffing.cli import main
from staffing.language import speaking
from staffing.store.workspace import Workspace
from tests.batch.test_nightly import here


def test_the_page_is_in_the_readers_language_and_its_data_are_not(small_workspace):
    workspace = Workspace.open(small_workspace)
    site = workspace.base.site
    report = run(workspace, horizon_days=7, engine=here)
    with speaking("fa"):
        page = write_report(report, site.model_copy(update={"display": "jalali"})).read_text()
    assert '<html lang="fa" dir="rtl">' in page
    assert "شب ۱۴۰۵/۰۸/۲۹: ۷ روز پیش رو" in page
    assert "<td>پیش‌بینی</td>" in page
    assert "queue" not in page.partition("</style>")[2]
    assert list(pd.read_parquet(report.kept.folder / "report.parquet")["method"]) == ["forecast"]
    page = write_report(report, site).read_text()
    assert '<html lang="en" dir="ltr">' in page
    assert "Night of 2026-11-20: 7 days ahead" in page


def test_a_language_that_there_is_none_of_is_refused_before_the_work(small_workspace, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["batch", "run", str(small_workspace), "--language", "xx"])
    assert ended.value.code == 2
    assert "no language 'xx'" in capsys.readouterr().err
    assert not list(small_workspace.glob("forecasts/*/manifest.json"))
