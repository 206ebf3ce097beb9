"""The API as a server of this process."""

from __future__ import annotations

import uvicorn

from api.app import create_app
from api.metrics import Metrics
from api.pool import Pool
from api.protocol import BoundedProtocol
from api.settings import ApiSettings
from ingest.settings import Settings

IDLE_SECONDS = 15  # that a connection is kept for the next request
END_SECONDS = 10  # that requests have to end in when the server is stopped
CONNECTIONS = 1_000


def run(host: str, port: int, settings: Settings, own: ApiSettings, workers: int, metrics_port: int | None) -> None:
    """Serve until a signal ends it.

    Raises:
        InputError: the port of the counters cannot be listened on.
    """
    metrics = Metrics()
    end_metrics = metrics.serve(metrics_port) if metrics_port is not None else None
    try:
        app = create_app(settings, own, Pool(settings, workers), metrics)
        config = uvicorn.Config(
            app,
            host,
            port,
            http=BoundedProtocol,
            ws="none",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # who asks is told by his key
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=END_SECONDS,
        )
        uvicorn.Server(config).run()
    finally:
        if end_metrics is not None:
            end_metrics()
