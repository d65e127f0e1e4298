"""Photograph Prefect's own pages for the book: `python -m scripts.prefect_pictures`.

A server is started, a night's flows run against it, and Debian's Chromium looks at its pages,
with everything but this machine out of its reach.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.machine import prefect

TARGET = Path(__file__).resolve().parent.parent / "book" / "_static"
LARGEST = 200_000  # bytes
NIGHT = """
import time

from prefect import flow, get_client, get_run_logger, task

calls = {"till": 0}

@task(retries=3, retry_delay_seconds=0.5)
def extract(fails):
    calls["till"] += 1
    if calls["till"] <= fails:
        raise ConnectionError("the till does not answer")
    return list(range(200))

@task
def transform(orders):
    time.sleep(0.4)
    return sum(orders)

@task
def load(total):
    get_run_logger().info("written: %s", total)

@flow(log_prints=True)
def nightly_report(fails: int = 0):
    calls["till"] = 0
    orders = extract(fails)
    print(len(orders), "orders came")
    load(transform(orders))

with get_client(sync_client=True) as client:
    for run in client.read_flow_runs():  # the one with which the database was made
        client.delete_flow_run(run.id)
for fails in (0, 9, 0, 2):
    nightly_report.with_options(flow_run_name=f"night with {fails} failures")(
        fails, return_state=True
    )
"""


def main() -> None:
    from playwright.sync_api import Route, sync_playwright

    chromium = shutil.which("chromium")
    if not chromium:
        sys.exit("chromium is missing: install Debian's package of that name")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        with prefect.server(home) as address:
            environment = {
                **os.environ,
                **prefect.settings(folder),
                "PREFECT_API_URL": address,
                "PREFECT_LOGGING_LEVEL": "INFO",
                "PREFECT_LOGGING_TO_API_ENABLED": "true",
            }
            subprocess.run([sys.executable, "-c", NIGHT], cwd=folder, env=environment, check=True)
            site = address.removesuffix("/api")

            def only_here(route: Route) -> None:
                if route.request.url.startswith((site, "data:", "blob:")):
                    route.continue_()
                else:
                    route.abort()

            with sync_playwright() as play:
                browser = play.chromium.launch(
                    executable_path=chromium, args=["--no-sandbox", "--disable-gpu"]
                )
                page = browser.new_page(viewport={"width": 1180, "height": 1080})
                page.route("**/*", only_here)
                page.goto(f"{site}/runs")
                page.get_by_text("night with 2 failures").first.wait_for(timeout=60_000)
                page.wait_for_timeout(2_000)  # the chart above the list is drawn
                _save(page.screenshot(), "prefect_runs.png")
                page.get_by_text("night with 2 failures").first.click()
                page.get_by_text("load").first.wait_for(timeout=60_000)
                page.wait_for_timeout(3_000)
                page.set_viewport_size({"width": 1180, "height": 820})
                page.wait_for_timeout(1_000)
                _save(page.screenshot(), "prefect_run.png")
                browser.close()


def _save(picture: bytes, name: str) -> None:
    if len(picture) > LARGEST:
        sys.exit(f"{name} has {len(picture):,} bytes: more than {LARGEST:,}")
    (TARGET / name).write_bytes(picture)
    print(f"{name}: {len(picture):,} bytes")


if __name__ == "__main__":
    main()
