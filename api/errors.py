"""What a request is refused with: a status, and in Vietnamese what is wrong and what to do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from ingest.errors import EngineError, IndexStateError, InputError, QuestionError

JSON = "application/json"
_NO_HEADERS: Mapping[str, str] = {}


class NotFoundError(QuestionError):
    """What is named is not in the index."""


class BusyError(InputError):
    """More is waiting than the server takes on, or an answer took too long."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer that is an error."""

    status: int
    message: str
    remedy: str
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The JSON: `{"error": {"message", "remedy"}}`."""
        told = {"error": {"message": self.message, "remedy": self.remedy}}
        return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace")

    @property
    def response(self) -> Response:
        """The same for the framework."""
        return Response(self.body, self.status, dict(self.headers), JSON)


DOCUMENTED = "Xem /v1/openapi.json."
_DEFECT = Refusal(500, "Lỗi của chương trình.", "Thử lại; nếu vẫn lỗi, gửi mã X-Request-Id cho người phát triển.")
NO_JSON = Refusal(400, "Nội dung gửi lên không phải JSON hợp lệ.", "Gửi một đối tượng JSON, mã UTF-8.")
_OF_STATUS = {
    400: (NO_JSON.message, NO_JSON.remedy),  # what cannot be parsed for another reason: nested too deeply
    404: ("Không có địa chỉ này.", DOCUMENTED),
    405: ("Địa chỉ này không nhận phương thức này.", DOCUMENTED),
}
_OF_FIELD = {
    "missing": "thiếu",
    "extra_forbidden": "không có trường này",
    "string_too_short": "trống",
    "string_too_long": "quá dài",
    "too_long": "quá nhiều phần tử",
    "too_short": "trống",
    "string_type": "phải là chuỗi",
    "string_unicode": "không phải Unicode hợp lệ",
    "list_type": "phải là danh sách",
    "enum": "không có lựa chọn này",
    "literal_error": "không có lựa chọn này",
    "int_parsing": "phải là số nguyên",
    "int_type": "phải là số nguyên",
    "greater_than_equal": "ngoài giới hạn",
    "less_than_equal": "ngoài giới hạn",
}
_PLACES = ("body", "query", "path")


def refusal_of(error: InputError) -> Refusal:
    """What an error of the program is told as."""
    if isinstance(error, BusyError):
        return Refusal(503, error.message, error.remedy, {"Retry-After": "1"})
    if isinstance(error, IndexStateError | EngineError):
        return Refusal(503, error.message, error.remedy)
    return Refusal(404 if isinstance(error, NotFoundError) else 422, error.message, error.remedy)


async def on_input_error(_: Request, error: Exception) -> Response:
    """Bad input, or an index that cannot be read."""
    assert isinstance(error, InputError)  # noqa: S101  (registered for nothing else)
    return refusal_of(error).response


async def on_http_error(_: Request, error: Exception) -> Response:
    """What the framework refuses: an unknown address, a wrong method."""
    assert isinstance(error, HTTPException)  # noqa: S101  (registered for nothing else)
    message, remedy = _OF_STATUS.get(error.status_code, (HTTPStatus(error.status_code).phrase, DOCUMENTED))
    return Refusal(error.status_code, message, remedy, error.headers or _NO_HEADERS).response


async def on_invalid(_: Request, error: Exception) -> Response:
    """A body that is no JSON (400), or fields that are not as the document of the API says (422)."""
    assert isinstance(error, RequestValidationError)  # noqa: S101  (registered for nothing else)
    found = error.errors()
    if any(each["type"] == "json_invalid" for each in found):
        return NO_JSON.response
    told = dict.fromkeys(f"«{_where(each['loc'])}» {_OF_FIELD.get(each['type'], 'không hợp lệ')}" for each in found)
    return Refusal(422, f"Yêu cầu chưa đúng: {'; '.join(list(told)[:5])}.", DOCUMENTED).response


async def on_defect(_: Request, __: Exception) -> Response:
    """Our own failure; the log has the traceback."""
    return _DEFECT.response


def _where(location: tuple[int | str, ...]) -> str:
    parts = [str(part) for part in location if part not in _PLACES]
    return ".".join(parts)[:100] or "nội dung"
