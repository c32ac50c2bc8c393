"""Calls to the local AWS as its root user."""

import json
import os
import urllib.error
import urllib.request
from typing import TypedDict

import boto3
import botocore.session
from botocore.config import Config
from botocore.loaders import create_loader

from config.local import LocalCloud
from local_cloud.errors import LocalCloudError
from local_cloud.launcher.gateway import CLOCK_PATH

ROOT_SECRET = "local"  # noqa: S105 - the emulator takes any secret for an account number as key
_ANSWER_SECONDS = 2.0


class ClientOptions(TypedDict):
    """Arguments of boto3's ``client`` that make it call the local AWS as root."""

    endpoint_url: str
    region_name: str
    aws_access_key_id: str
    aws_secret_access_key: str
    config: Config


def client_options(cloud: LocalCloud) -> ClientOptions:
    """Return what ``session.client(service, **client_options(cloud))`` needs."""
    return ClientOptions(
        endpoint_url=cloud.endpoint_url,
        region_name=cloud.region,
        aws_access_key_id=cloud.account,
        aws_secret_access_key=ROOT_SECRET,
        config=Config(proxies={}, connect_timeout=_ANSWER_SECONDS, retries={"total_max_attempts": 2}),
    )


def new_session() -> boto3.Session:
    """Return a session that reads no profile: one that the caller's AWS_PROFILE names may not exist here.

    Sessions of one process share what they read of the services' models, which is most of what a new client takes.
    """
    session = botocore.session.Session(session_vars={"profile": (None, None, None, None)})
    session.register_component("data_loader", _MODELS)
    return boto3.Session(botocore_session=session)


def root_environment(cloud: LocalCloud) -> dict[str, str]:
    """Return the environment variables with which AWS's tools and SDKs call the local AWS as root."""
    return {
        "AWS_ENDPOINT_URL": cloud.endpoint_url,
        "AWS_REGION": cloud.region,
        "AWS_DEFAULT_REGION": cloud.region,
        "AWS_ACCESS_KEY_ID": cloud.account,
        "AWS_SECRET_ACCESS_KEY": ROOT_SECRET,
        "NO_PROXY": "127.0.0.1,localhost",
    }


def caller_environment_without_aws() -> dict[str, str]:
    """Return this process's environment without any AWS setting."""
    return {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}


def answers(endpoint_url: str) -> bool:
    """Tell whether the local AWS at this address is up."""
    try:
        with _OPENER.open(f"{endpoint_url}/_ministack/health", timeout=_ANSWER_SECONDS) as answer:
            return bool(answer.status == 200)  # noqa: PLR2004 - RFC 9110, OK
    except (urllib.error.URLError, OSError):
        return False


def advance_clock(cloud: LocalCloud, seconds: float) -> None:
    """Move the time by which secrets rotate forward.

    Raises:
        LocalCloudError: *seconds* is negative, or the local AWS does not answer.
    """
    request = urllib.request.Request(  # noqa: S310 - our own address
        cloud.endpoint_url + CLOCK_PATH, json.dumps({"advance_seconds": seconds}).encode(), method="POST"
    )
    try:
        with _OPENER.open(request, timeout=_ANSWER_SECONDS):
            return
    except urllib.error.HTTPError:
        problem = f"the clock cannot be moved by {seconds} seconds; it only goes forward"
    except (urllib.error.URLError, OSError):
        problem = f"the local AWS does not answer at {cloud.endpoint_url}; start it with: make local"
    raise LocalCloudError(problem)


_MODELS = create_loader()

_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))
"""Never through a proxy: everything is on this machine."""
