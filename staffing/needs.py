"""The stages of a plan that say how many agents are needed, each worked out once for the same inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from staffing.domain.base import content_hash
from staffing.domain.scenario import Scenario
from staffing.store.cache import StageCache

if TYPE_CHECKING:
    import pandas as pd

    from staffing.forecast import Forecast
    from staffing.requirements import SharedStaff


def requirements(calls: Forecast, scenario: Scenario, *, cache: StageCache | None = None) -> pd.DataFrame:
    """Agents per queue and interval under the scenario's targets."""
    import pandas as pd

    from staffing.requirements import requirements as work_out

    inputs = (frame_hash(calls.table), scenario.site, scenario.queues, scenario.service, _taken_off(scenario))
    return (cache or StageCache()).get(
        "requirements", inputs, lambda: work_out(calls.table, scenario), kind=pd.DataFrame
    )


def _taken_off(scenario: Scenario) -> tuple[object, ...]:
    """What the requirement takes off besides breaks: shrinkage, less what the roster places itself."""
    return scenario.shrinkage, scenario.sessions, scenario.agents if scenario.sessions else ()


def service_pieces(calls: Forecast, scenario: Scenario, *, cache: StageCache | None = None) -> pd.DataFrame | None:
    """What agents do for the service levels that whole days or weeks keep: table SERVICE_PIECES; None without any."""
    if all(scenario.target(queue).over == "interval" for queue in scenario.queues):
        return None
    import pandas as pd

    from staffing.requirements import service_pieces as work_out

    inputs = (frame_hash(calls.table), scenario.site, scenario.queues, scenario.service, _taken_off(scenario))
    return (cache or StageCache()).get(
        "service-pieces", inputs, lambda: work_out(calls.table, scenario), kind=pd.DataFrame
    )


def shared_staff(
    calls: Forecast, needed: pd.DataFrame, scenario: Scenario, *, cache: StageCache | None = None
) -> SharedStaff:
    """Staffing of every interval with agents whom the queues share. Raises InputError without people."""
    from staffing.requirements import SharedStaff
    from staffing.requirements import shared_staff as work_out

    people = [agent.skills for agent in scenario.agents]
    who = (scenario.site, scenario.queues, scenario.service, _taken_off(scenario), people)
    return (cache or StageCache()).get(
        "shared-staff",
        (frame_hash(calls.table), frame_hash(needed), *who),
        lambda: work_out(calls.table, needed, scenario),
        kind=SharedStaff,
    )


def frame_hash(frame: pd.DataFrame) -> str:
    """A hash of a table's content."""
    import pandas as pd

    rows = pd.util.hash_pandas_object(frame, index=False).to_numpy()
    return content_hash(list(frame.columns), rows.tobytes().hex())
