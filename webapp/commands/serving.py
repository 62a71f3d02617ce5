"""`kronika run` and `kronika demo`: the pages, served, and the read tables kept up meanwhile."""

from __future__ import annotations

import gc
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import NoReturn

import click
import msgspec
import structlog
import waitress
from flask_babel import gettext

from projections import engine
from webapp import create_app, logs, removal_traces
from webapp import demo as example
from webapp.commands.opened import TEXT, opened, today, warn_of_owner
from webapp.commands.started import tell_started
from webapp.config import LOOPBACK, Config, read_config
from webapp.stores import Stores, open_stores

SERVED = {
    "threads": 16,
    "ident": "Kronika",
    "clear_untrusted_proxy_headers": False,  # `create_app` decides whom to believe
}
SECONDS_BETWEEN = 1.0
OWN_ADDRESS = "http://127.0.0.1:8000"  # what the settings say when nobody named another

log = structlog.get_logger()

port_of = click.option(
    "--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0 takes a free one."
)
host_of = click.option("--host", type=TEXT, default="127.0.0.1", show_default=True, help="The address to listen on.")


@click.command()
@host_of
@port_of
def run(host: str, port: int) -> None:
    """Serve the pages.

    \b
    Example:
      kronika run --port 8000
    """
    with opened():
        config = read_config()
    warn_of_owner(config)
    if config.base_url == OWN_ADDRESS and host in LOOPBACK:
        config = msgspec.structs.replace(config, base_url=_address(host, port))
    _serve(config, open_stores(config), host, port, [])


@click.command()
@host_of
@port_of
def demo(host: str, port: int) -> None:
    """Serve a real example history, with an account for each role, on this machine alone.

    \b
    Example:
      kronika demo --port 8000
    """
    if host not in LOOPBACK:
        raise click.ClickException(gettext("The example is for this machine alone: --host must be 127.0.0.1."))
    folder = os.environ.get("KRONIKA_DATA") or str(Path("var", "demo"))
    config = read_config(data=folder, demo=True, base_url=_address(host, port))
    stores = open_stores(config)
    accounts = example.set_up(config, stores, today(config))
    _serve(config, stores, host, port, [" ".join(account) for account in accounts])


def _address(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _serve(config: Config, stores: Stores, host: str, port: int, lines: list[str]) -> None:
    app = create_app(config, stores)
    logs.configure(app)
    stores.chronicle.vault.settle()
    looked_at = removal_traces.repeat(stores)
    try:
        server = waitress.create_server(app, host=host, port=port, **SERVED)
    except OSError as error:
        raise click.ClickException(f"{host}:{port}: {error.strerror}") from error
    signal.signal(signal.SIGTERM, _stop)
    spare_what_stays()
    with _kept_up(stores, looked_at):
        address = _address(host, server.effective_port)
        click.echo(gettext("Kronika is at %(address)s (Ctrl+C ends it)", address=address))
        for line in lines:
            click.echo(line)
        tell_started()
        server.run()
    stores.close()


def spare_what_stays() -> None:
    """Modules, routes and tables stay as long as we serve: the search for garbage need not pass through them again."""
    gc.collect()
    gc.freeze()


def _stop(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)


@contextmanager
def _kept_up(stores: Stores, looked_at: int) -> Iterator[None]:
    """What other processes record is folded in here too, once a second."""
    over = threading.Event()
    keeper = threading.Thread(target=_keep_up, args=(stores, over, looked_at), name="keep-up", daemon=True)
    keeper.start()
    try:
        yield
    finally:
        over.set()
        keeper.join(timeout=10)


def _keep_up(stores: Stores, over: threading.Event, looked_at: int) -> None:
    """`looked_at`: up to there what was to be removed is erased."""
    trouble = ""
    while not over.wait(SECONDS_BETWEEN):
        try:
            engine.keep_up(stores.chronicle, stores.reading)
            looked_at = removal_traces.repeat(stores, looked_at)
            trouble = ""
        except Exception as error:  # whatever it was, the next second is another chance; it is logged once
            if trouble != (trouble := repr(error)):
                log.warning("read tables not kept up", exc_info=error)
