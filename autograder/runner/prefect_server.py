"""Prefect's server beside a run: a process that starts while the run imports what it needs.

Prefect would start one itself, with the first client and in that client's time. This one waits for
nobody, leaves out what its database already has, and spares the client the server's own modules:
together a start takes a third of the time.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from pathlib import Path

from autograder.runner.errors import OursToMend

TEMPLATE = "BEYOND_PANDAS_PREFECT"  # names a server's database that has all its tables
WITHIN = 200.0  # seconds; on a busy machine a start takes ten times what it takes alone
LOOKS_EVERY = 1.0  # seconds between two looks whether the run is still there
_OF_A_SERVER = {
    "PREFECT_UI_ENABLED": "0",
    "PREFECT__SERVER_EPHEMERAL": "1",  # fewer services: those that a server for one process needs
    "PREFECT__SERVER_FINAL": "1",
    # Nobody asks for events, and of task runs the run keeps its own record. Who writes them down
    # meets the run's own requests: SQLite then refuses one, and the client tries again after 2 s,
    # then 4, then 8. It cost one start in three 2 s, and a right answer its minute once.
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TASK_RUN_RECORDER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
}
_DONE_IN_THE_TEMPLATE = {
    "PREFECT_SERVER_DATABASE_MIGRATE_ON_START": "false",
    "PREFECT_SERVER_REGISTER_BLOCKS_ON_START": "false",
}


def spare_slow_import() -> None:
    """Keep a package from being imported that takes as long as all the rest of Prefect.

    jsonschema looks for it to check internationalised addresses, which Prefect never asks for, and
    does without where there is none.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def begin() -> subprocess.Popen[bytes]:
    """Start the server of this process, and return at once.

    What Prefect this process imports afterwards will use it.
    """
    home = Path(os.environ["PREFECT_HOME"]).absolute()
    home.mkdir(parents=True, exist_ok=True)
    os.environ["PREFECT_HOME"] = str(home)
    environment = {**os.environ, **_OF_A_SERVER}
    template = environment.pop(TEMPLATE, "")
    os.environ.pop(TEMPLATE, None)
    os.environ["PREFECT_API_SSL_CERT_FILE"] = str(_one_certificate(home))
    if template:
        shutil.copyfile(template, home / "prefect.db")
        environment |= _DONE_IN_THE_TEMPLATE
    # Who listens already is never refused: a client that comes early waits in the line.
    with socket.socket() as line:
        line.bind(("127.0.0.1", 0))
        line.listen(128)
        os.environ["PREFECT_API_URL"] = f"http://127.0.0.1:{line.getsockname()[1]}/api"
        spare_slow_import()
        return subprocess.Popen(
            [sys.executable, "-m", __name__, str(line.fileno()), str(os.getpid())],
            env=environment,
            pass_fds=[line.fileno()],
        )


def _one_certificate(folder: Path) -> Path:
    """A file with one of the certificates that Prefect's clients read.

    Each client of a flow run, and there are five, reads those of all authorities in the world. It
    takes longer than a request to a server on this machine, which shows none.
    """
    import certifi

    one, end, _ = Path(certifi.where()).read_text().partition("-----END CERTIFICATE-----")
    path = folder / "certificate.pem"
    path.write_text(f"{one}{end}\n")
    return path


def wait_for(server: subprocess.Popen[bytes]) -> None:
    """Return when the server has answered this process's client.

    Raises:
        OursToMend: it did not answer.
    """
    from prefect.client.orchestration import get_client  # takes as long as half a server's start

    try:
        with urllib.request.urlopen(f"{os.environ['PREFECT_API_URL']}/health", timeout=WITHIN):
            pass
    except OSError as problem:
        raise OursToMend(
            f"Prefect's server did not start (exit status {server.poll()}): {problem}"
        ) from problem
    with get_client(sync_client=True) as client:
        client.hello()


def _end_with(run: int) -> None:
    while os.getppid() == run:
        time.sleep(LOOKS_EVERY)
    os._exit(1)


def main() -> None:
    line, run = map(int, sys.argv[1:])
    threading.Thread(target=_end_with, args=(run,), daemon=True).start()
    spare_slow_import()
    import uvicorn
    from prefect.server.api.server import create_app

    config = uvicorn.Config(create_app(), log_level="error", lifespan="on")
    uvicorn.Server(config).run([socket.socket(fileno=line)])


if __name__ == "__main__":
    main()
