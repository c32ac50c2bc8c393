"""Creating a secret.

https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html
"""

from local_cloud.launcher.emulator import emulated
from local_cloud.launcher.secretsmanager.answers import Answer, ApiError, Request
from local_cloud.launcher.secretsmanager.replication import check_regions, replicate_secret_to_regions
from local_cloud.launcher.secretsmanager.store import (
    CURRENT,
    Secret,
    add_version,
    same_value,
    version_token,
)

_MODULE = "services.secretsmanager"


def create_secret(request: Request) -> Answer:
    """Answer CreateSecret. Without a value the secret has no version.

    Raises:
        ApiError: The name is taken, also by a secret that is scheduled for deletion. The same request again, by its
            ClientRequestToken, succeeds and does nothing. A replica region is the secret's own.
    """
    name, token = request.get("Name"), version_token(request)
    if not name:
        raise ApiError("InvalidParameterException", "You must provide a value for the Name parameter.")
    secret = emulated(_MODULE, "_secrets").get(name)
    if secret is None:
        secret = _store(request, token)
    elif secret.get("DeletedDate"):
        raise ApiError(
            "InvalidRequestException",
            "You can't create this secret because a secret with this name is already scheduled for deletion.",
        )
    elif token not in secret["Versions"] or not same_value(secret["Versions"][token], request):
        raise ApiError("ResourceExistsException", f"The operation failed because the secret {name} already exists.")
    made: Answer = {"VersionId": token} if token in secret["Versions"] else {}
    if secret["ReplicationStatus"]:
        made["ReplicationStatus"] = secret["ReplicationStatus"]
    return {"ARN": secret["ARN"], "Name": name, **made}


def _store(request: Request, token: str) -> Secret:
    name, replicas = request["Name"], request.get("AddReplicaRegions")
    check_regions(replicas or [])
    emulated(_MODULE, "_store_new_secret")(
        name,
        description=request.get("Description", ""),
        tags=request.get("Tags"),
        kms_key_id=request.get("KmsKeyId"),
    )
    secret: Secret = emulated(_MODULE, "_secrets")[name]
    secret["Versions"] = {}
    if any(request.get(field) is not None for field in ("SecretString", "SecretBinary")):
        add_version(secret, token, request)
        secret["Versions"][token]["Stages"].append(CURRENT)
    if replicas:
        replicate_secret_to_regions({**request, "SecretId": name})
    return secret
