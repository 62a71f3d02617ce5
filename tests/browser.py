"""Which browser do the tests open? A Chromium of this system, or the one that playwright has fetched."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "google-chrome", "chromium-browser")
FLAGS = (
    "--no-sandbox",  # a container's root may not make one; only pages of these tests are opened
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class NoBrowser(Exception):
    """No Chromium is there."""


def find_chromium() -> str | None:
    """Ubuntu's `chromium-browser` may be a note that asks for a snap: only what tells its version counts."""
    installed = [path for name in NAMES if (path := shutil.which(name))]
    return next((path for path in installed if _tells_its_version(path)), None) or _fetched()


@contextmanager
def open_browser() -> Iterator[Browser]:
    path = find_chromium()
    if path is None:
        raise NoBrowser("no Chromium is installed: `make test` installs one")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def _fetched() -> str | None:
    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _tells_its_version(path: str) -> bool:
    command = [path, "--version"]
    return subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False).returncode == 0


if __name__ == "__main__":
    with open_browser() as opened:
        sys.exit(not opened.is_connected())
