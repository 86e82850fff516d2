"""`layar demo`: a city to look at, simulated, on a wall that is real."""

import os
from functools import partial
from pathlib import Path

import click
import structlog

from cctv.guard import PORT
from dashboard.commands.serve import camera_child, live_child, web_child
from dashboard.demo.run import Plan, prepare, refuse_real_folder, watch
from dashboard.health_processes import save_processes
from dashboard.logs import log_as_json
from dashboard.supervisor import refuse_taken_port, stop_on_signal, supervise
from geodata.clock import utc_now

_LOG = structlog.get_logger()


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8112, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option(
    "--data",
    "data_dir",
    envvar="LAYAR_DATA",
    default="layar-demo",
    show_default=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="Folder of the demo (or LAYAR_DATA); one with a real city in it is refused.",
)
@click.option(
    "--speed",
    default=1.0,
    show_default=True,
    type=click.FloatRange(0.1, 20.0),
    help="How many times as many calls, and as quick work; nobody drives faster.",
)
@click.option(
    "--seed", default=112, show_default=True, type=click.IntRange(0, 1_000_000), help="Another seed, another city."
)
def demo(host: str, port: int, data_dir: Path, speed: float, seed: int) -> None:
    """Show a simulated city on a real wall. Nothing in it happened; every screen says SIMULASI."""
    log_as_json()
    os.environ[PORT] = str(port)
    refuse_taken_port(host, port)
    refuse_real_folder(data_dir)
    plan = Plan(data_dir=data_dir, host=host, port=port, speed=speed, seed=seed)
    click.echo(f"Building a simulated city in {data_dir} …")
    web = web_child(data_dir, None, "demo", host=host, port=port)
    children = prepare(plan, utc_now(), web=web, cameras=camera_child(data_dir, None, "demo"))
    stop = stop_on_signal()
    watch(plan, click.echo)
    children = (*children, live_child(data_dir, None, "demo"))
    told = partial(save_processes, data_dir)
    supervise(children, stop=stop, ended=lambda: _LOG.info("ended"), told=told)
