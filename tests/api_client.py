"""The API in this process, over an index of the test's choice."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from conftest import HashEncoder
from starlette.testclient import TestClient

from api.app import create_app
from api.gate import Gate
from api.metrics import Metrics
from api.pool import Pool
from api.settings import ApiSettings
from index.embed import load_encoder
from ingest.settings import Settings
from serving.opened import Stock

HOST = "http://127.0.0.1"
OPEN = ApiSettings(rate=0)


@dataclass(frozen=True)
class Running:
    """The application, a client of it, what it counts."""

    app: Gate
    client: TestClient
    metrics: Metrics
    settings: Settings

    def ask(self, question: str, **more: object) -> dict[str, Any]:
        answer = self.client.post("/v1/ask", json={"question": question, **more})
        assert answer.status_code == 200, answer.text
        return answer.json()  # type: ignore[no-any-return]

    def count(self, name: str, **labels: str) -> float:
        return self.metrics.registry.get_sample_value(name, labels) or 0.0


@contextmanager
def running(home: Path, own: ApiSettings = OPEN, encoder: str = "hash") -> Iterator[Running]:
    """The API over a home; `hash` is the encoder of the small plans of the tests."""
    settings, metrics = Settings(home=home, encoder=encoder), Metrics()
    stock = Stock(settings, lambda name: HashEncoder(name) if name == "hash" else load_encoder(name))
    app = create_app(settings, own, Pool(settings, stock=stock), metrics)
    with TestClient(app, base_url=HOST, raise_server_exceptions=False) as client:
        yield Running(app, client, metrics, settings)
