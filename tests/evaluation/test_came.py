"""What came is counted by all levers of its queue, as the forecast is."""

import pandas as pd

from staffing.domain.scenario import Scenario
from staffing.evaluation.came import by_levers


def test_each_queue_counts_by_its_own_levers_and_an_unknown_one_by_the_sites():
    queues = [{"name": "voice", "volume_factor": 3.0, "contained": 0.5}, {"name": "chat"}]
    scenario = Scenario.parse({"name": "base", "volume_factor": 2.0, "queues": queues})
    rows = pd.DataFrame({"queue": ["voice", "chat", "fax"], "calls": [10.0, 10.0, 10.0], "aht_s": [1.0, 2.0, 3.0]})
    found = by_levers(rows.astype({"queue": "category"}), scenario)
    assert found["calls"].tolist() == [30.0, 20.0, 20.0]
    assert found["aht_s"].tolist() == [1.0, 2.0, 3.0]
    assert by_levers(rows.iloc[:0], scenario).empty
