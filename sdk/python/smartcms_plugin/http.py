"""Requests to the plugin's own address, `/ext/ID/`.

The world has to export `wasi:http/incoming-handler@0.2.12`; no grant is needed.

    class IncomingHandler(exports.IncomingHandler):
        def handle(self, request, response_out):
            http.serve(request, response_out, lambda request: http.Response(body="Hello"))
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from componentize_py_types import Err, Ok
from wit_world.imports import http_types, streams

from . import log

_READ_BYTES = 65536
# How much one blocking write takes, by the definition of `wasi:io/streams`.
_WRITE_BYTES_MAX = 4096
_BODY_BYTES_MAX = 1024 * 1024


@dataclass
class Response:
    """What is sent back."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: str | bytes = b""


class Refusal(Exception):
    """Ends a request with a status and words for whoever sent it."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


@dataclass
class Request:
    """A request as it came. `headers` has names in lower case; of those that came twice the last counts."""

    method: str
    path: str
    query: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def parameters(self) -> dict[str, str]:
        """What the query says; of those that come twice the last counts."""
        return dict(parse_qsl(self.query, keep_blank_values=True))

    @property
    def form(self) -> dict[str, str]:
        """The fields of a form that came as `application/x-www-form-urlencoded`."""
        return dict(parse_qsl(self.body.decode("utf-8", "replace"), keep_blank_values=True))


def serve(incoming: object, out: object, answer: Callable[[Request], Response]) -> None:
    """Lets a function answer a request. What it raises is written to the log, and answered with 500."""
    response = _answered(incoming, answer)
    fields = http_types.Fields()
    for name, value in response.headers.items():
        fields.append(name, value.encode())
    outgoing = http_types.OutgoingResponse(fields)
    outgoing.set_status_code(response.status)
    body = outgoing.body()
    http_types.ResponseOutparam.set(out, Ok(outgoing))
    content = response.body.encode() if isinstance(response.body, str) else response.body
    try:
        with body.write() as stream:
            for at in range(0, len(content), _WRITE_BYTES_MAX):
                stream.blocking_write_and_flush(content[at : at + _WRITE_BYTES_MAX])
        http_types.OutgoingBody.finish(body, None)
    except Err:
        # A reader who has gone away is no error of ours.
        log.debug("the answer was not read to its end")


def _answered(incoming: object, answer: Callable[[Request], Response]) -> Response:
    plain = {"content-type": "text/plain; charset=utf-8", "cache-control": "no-store"}
    try:
        request = _request(incoming)
        response = answer(request)
        return Response(response.status, response.headers) if request.method == "HEAD" else response
    except Refusal as refusal:
        return Response(refusal.status, plain, f"{refusal}\n")
    except Exception:  # noqa: BLE001 - whatever it is, the operator reads it in the log
        log.error(f"a request could not be answered: {traceback.format_exc()}")
        return Response(500, plain, "This could not be answered.\n")


def _request(incoming: object) -> Request:
    path, _, query = (incoming.path_with_query() or "/").partition("?")
    with incoming.headers() as fields:
        headers = {name.lower(): value.decode("utf-8", "replace") for name, value in fields.entries()}
    return Request(_method(incoming.method()), path, query, headers, _body(incoming))


def _method(method: object) -> str:
    if isinstance(method, http_types.Method_Other):
        return method.value.upper()
    return type(method).__name__.removeprefix("Method_").upper()


def _body(incoming: object) -> bytes:
    chunks, size = [], 0
    with incoming.consume() as body, body.stream() as stream:
        while True:
            try:
                chunk = stream.blocking_read(_READ_BYTES)
            except Err as end:
                if isinstance(end.value, streams.StreamError_Closed):
                    return b"".join(chunks)
                raise
            size += len(chunk)
            if size > _BODY_BYTES_MAX:
                raise Refusal(413, f"the body is larger than {_BODY_BYTES_MAX} bytes")
            chunks.append(chunk)
