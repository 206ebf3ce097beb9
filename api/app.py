"""The application: routes, what errors become, and the gate before them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import PackageNotFoundError, version

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from api import errors
from api.buckets import Buckets
from api.gate import Gate
from api.metrics import Metrics
from api.pool import Pool
from api.routes import Routes
from api.service import Service
from api.settings import ApiSettings
from ingest.errors import InputError
from ingest.settings import Settings

_TOLD = (
    "Questions and answers over Vietnamese provincial plans. Every body is the contract of a command of `kehoach`. "
    "Errors are told in Vietnamese: what is wrong, and what to do. Where keys are configured, send one as "
    "`Authorization: Bearer …` or `X-API-Key: …`."
)


def create_app(settings: Settings, own: ApiSettings, pool: Pool, metrics: Metrics) -> Gate:
    """The API over the index that the settings name; `pool` is closed with it."""
    service = Service(settings, pool, own.cache_bytes, metrics.state)
    buckets = Buckets(own.rate, own.burst)
    metrics.watch(service.cache, pool.pids)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        pool.warm()
        yield
        service.close()

    app = FastAPI(
        title="kehoach",
        description=_TOLD,
        version=_version(),
        openapi_url="/v1/openapi.json",
        docs_url=None,  # its page and its scripts are another host's
        redoc_url=None,
        redirect_slashes=False,
        lifespan=lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},  # nothing leaves
    )
    routes = Routes(service, buckets, metrics, log_questions=own.log_questions)
    app.include_router(routes.router())
    app.add_exception_handler(InputError, errors.on_input_error)
    app.add_exception_handler(HTTPException, errors.on_http_error)
    app.add_exception_handler(RequestValidationError, errors.on_invalid)
    app.add_exception_handler(Exception, errors.on_defect)
    return Gate(app, own, buckets, metrics, routes.remembered)


def _version() -> str:
    try:
        return version("kehoach")
    except PackageNotFoundError:  # run from its source
        return "0"
