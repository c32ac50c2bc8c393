"""Tells CloudTrail of every call, refused ones too; MiniStack tells of those that reach a service.

https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-user-guide.html
"""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from local_cloud.launcher.cloudtrail.delivery import deliver, deliver_now
from local_cloud.launcher.cloudtrail.identity import caller_identity, service_identity
from local_cloud.launcher.cloudtrail.operations import event_name, event_region
from local_cloud.launcher.cloudtrail.parameters import request_parameters
from local_cloud.launcher.cloudtrail.records import Call
from local_cloud.launcher.cloudtrail.refusals import refusal
from local_cloud.launcher.cloudtrail.trails import logging_trails
from local_cloud.launcher.emulator import emulated, wrap

Response = tuple[int, dict[str, str], Any]
Dispatch = Callable[[str, str, dict[str, str], bytes, dict[str, list[str]], str], Awaitable[Response]]

_LAMBDA = "lambda.amazonaws.com"


def install_recording() -> None:
    """Record every call, and that Lambda assumes a function's role."""
    wrap("app", "_dispatch_service_request", _recording)
    wrap("core.lambda_runtime", "execution_credentials", _recording_assumption)


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    query: dict[str, list[str]]
    request_id: str

    def call(self) -> Call | None:
        """Return the call that this is; None if CloudTrail does not record it."""
        parts = self.method, self.path, self.headers, self.body
        routing = emulated("app", "_routing_params")(*parts, self.query)
        service = emulated("core.router", "detect_service")(self.method, self.path, self.headers, routing)
        action = emulated("core.iam_actions", "extract_iam_action")(service, *parts, routing)
        name = event_name(service, action.partition(":")[2], self.path) if action else None
        key = emulated("core.router", "extract_access_key_id")(self.headers, self.query)
        identity = caller_identity(key) if key and name else None
        if name is None or identity is None:
            return None
        return Call(
            service=service,
            name=name,
            region=event_region(service, emulated("core.responses", "get_region")()),
            identity=identity,
            source=emulated("core.iam_evaluator", "_request_origin").get()[0],
            user_agent=self.headers.get("user-agent", ""),
            request_id=self.request_id,
            parameters=request_parameters(service, self.path, self.headers, self.body, self.query),
        )


def _recording(dispatch: Dispatch) -> Dispatch:
    async def handle(
        method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, list[str]], request_id: str
    ) -> Response:
        call = _Request(method, path, headers, body, query, request_id).call()
        # A trail records the call that stops it, and the one that starts it.
        trails = logging_trails(call.region) if call else {}
        response = await dispatch(method, path, headers, body, query, request_id)
        if call is not None:
            trails |= logging_trails(call.region)
            code, message = refusal(*response)
            deliver(replace(call, error_code=code, error_message=message).record(), trails.values())
            for read in _reads_of_batch(call, response):
                deliver(read.record(), trails.values())
        return response

    return handle


def _reads_of_batch(call: Call, response: Response) -> Iterator[Call]:
    """Yield the GetSecretValue for each secret that BatchGetSecretValue stands for.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/retrieving-secrets_batch.html
    """
    status, _, body = response
    if call.name != "BatchGetSecretValue" or status != 200:  # noqa: PLR2004 - RFC 9110, OK
        return
    answer = json.loads(body)
    for secret in answer["SecretValues"]:
        yield replace(call, name="GetSecretValue", parameters={"secretId": secret["ARN"]})
    for error in answer["Errors"]:
        code = str(error["ErrorCode"]).replace("AccessDeniedException", "AccessDenied")
        yield replace(
            call,
            name="GetSecretValue",
            parameters={"secretId": error["SecretId"]},
            error_code=code,
            error_message=error["Message"],
        )


def _recording_assumption(credentials_of: Callable[[dict[str, Any]], Any]) -> Callable[[dict[str, Any]], Any]:
    def credentials(config: dict[str, Any]) -> Any:  # noqa: ANN401 - MiniStack is untyped
        issued = credentials_of(config)
        _, _, _, region, account, *_ = config["FunctionArn"].split(":")
        with emulated("core.responses", "request_scope")(account, region):
            call = Call(
                service="sts",
                name="AssumeRole",
                region=region,
                identity=service_identity(_LAMBDA),
                source=_LAMBDA,
                user_agent=_LAMBDA,
                parameters={"roleArn": config.get("Role", ""), "roleSessionName": config["FunctionName"]},
            )
            deliver_now(call.record())
        return issued

    return credentials
