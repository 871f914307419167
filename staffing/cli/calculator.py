"""The Erlang calculator on the command line, and the compiling of what it and the roster run on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from staffing.cli import app, show
from staffing.cli.planning import JsonOption

PARTLY_DONE = 3


@app.command()
def erlang(
    source: Annotated[Path, typer.Argument(metavar="INPUT.csv", help="Rows to compute.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", help="CSV file to write.")] = Path("erlang.csv"),
    json: JsonOption = False,
) -> int:
    """Waits, service level, abandonment and agents for every row of a CSV file.

    Columns: model (erlang_b, erlang_c, erlang_a), calls_per_hour, aht_s, patience_s (empty or inf: nobody hangs
    up), threshold_s, agents. Leave agents empty and give any of target_service_level, target_asa_s,
    target_abandonment, max_occupancy: agents is then the smallest number that meets them all.

    Written are the rows with wait_probability, service_level (answered within the threshold over all offered),
    service_level_answered, service_level_excl_short_abandons, probability_wait_within_threshold, abandonment,
    asa_s, mean_wait_s, queue_length and occupancy. A bad row is named, the others are computed: exit code 3.
    """
    from staffing.queueing.calculator import calculate_file

    problems = calculate_file(source, out)
    if json:
        show.as_json({"written": str(out), "problems": [str(problem) for problem in problems]})
    else:
        typer.echo(f"Written: {out}")
    for problem in problems:
        typer.echo(f"staffing: {problem}", err=True)
    return PARTLY_DONE if problems else 0


@app.command("warm-up")
def compile_kernels() -> None:
    """Compile the numerical kernels into the user's cache folder, so that the first plan is as quick as the next."""
    import numpy as np

    from staffing.queueing import Targets, smallest_agents
    from staffing.roster.warm import warm_up

    for patience_s in (float("inf"), 120.0):
        smallest_agents(np.array([5.0]), 180.0, patience_s, 20.0, Targets(service_level=0.8, asa_s=20.0))
    warm_up()
    typer.echo("Ready.")
