"""Errors of boto3 turned into errors of this package.

What AWS writes in an error is never quoted, since it may repeat what was sent. The codes are those of
https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_Operations.html and
https://docs.aws.amazon.com/secretsmanager/latest/apireference/CommonErrors.html.
"""

from botocore import exceptions

from alees_secrets.errors import (
    RotationRefusedError,
    SecretAccessDeniedError,
    SecretExistsError,
    SecretNotFoundError,
    SecretsError,
    SecretUnavailableError,
)
from alees_secrets.kinds import kind_of
from alees_secrets.naming import SecretName, key_alias

_BAD_CREDENTIALS = frozenset(
    {"ExpiredTokenException", "IncompleteSignature", "InvalidSignatureException", "UnrecognizedClientException"}
)

_NO_CREDENTIALS = (
    exceptions.CredentialRetrievalError,
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.ProfileNotFound,
    exceptions.SSOError,
)


def refusal(error: exceptions.ClientError, name: SecretName, region: str) -> SecretsError:
    """Return what to raise when AWS answers a call about *name* with an error."""
    answer = error.response.get("Error", {})
    return refusal_of(answer.get("Code", ""), answer.get("Message", ""), error.operation_name, name, region)


def refusal_of(code: str, message: str, operation: str, name: SecretName, region: str) -> SecretsError:
    """Return what to raise when AWS refuses *operation* of *name* with *code*; the message is looked at, not quoted."""
    code = code or "an error without code"
    # The text alone tells this cause of InvalidRequestException from others.
    in_deletion = code == "InvalidRequestException" and "delet" in message.lower()
    failure: SecretsError | None
    match operation, code:
        case "CreateSecret", _:
            failure = _not_created(code, name, region, in_deletion=in_deletion)
        case _, "ResourceNotFoundException":
            failure = SecretNotFoundError(
                f"there is no secret {name} in {region}, or no version of it at the stage asked for; check environment "
                "and region, or deploy the secret"
            )
        case _ if in_deletion:
            failure = SecretNotFoundError(_in_deletion(name, region))
        case "RotateSecret", "InvalidRequestException":
            failure = RotationRefusedError(
                f"rotation of secret {name} in {region} did not start: another one is under way, or rotation is not "
                "set up for it; see: ./alees-secrets status"
            )
        case _:
            failure = None
    return failure or _general(code, operation, name, region)


def silence(error: exceptions.BotoCoreError, name: SecretName, region: str) -> SecretUnavailableError:
    """Return what to raise when a call about *name* got no answer."""
    cause = type(error).__name__
    if isinstance(error, _NO_CREDENTIALS):
        return SecretUnavailableError(
            f"secret {name} was not asked for: there are no usable AWS credentials ({cause}); run with the instance's "
            "role, with AWS_PROFILE, or with AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        )
    return SecretUnavailableError(
        f"Secrets Manager in {region} did not answer about secret {name} ({cause}); check the network and try again "
        "later"
    )


def _not_created(code: str, name: SecretName, region: str, *, in_deletion: bool) -> SecretsError | None:
    """Return the error for a *code* that means something else to CreateSecret than to other calls, else None."""
    if in_deletion:
        return SecretExistsError(_in_deletion(name, region))
    if code == "ResourceExistsException":
        return SecretExistsError(f"secret {name} exists already in {region}; change it with update_secret")
    if code in {"InvalidParameterException", "ResourceNotFoundException"}:
        key = key_alias(name.environment, kind_of(name.path).name)
        return SecretUnavailableError(
            f"AWS in {region} refuses to create secret {name} ({code}); check that the environment is deployed there "
            f"with the KMS key {key}"
        )
    return None


def _general(code: str, operation: str, name: SecretName, region: str) -> SecretsError:
    """Return the error for a *code* that means the same to every call."""
    if code.startswith("AccessDenied"):
        cause = "ask for the permission, to the secret and to its KMS key"
    elif code in {"DecryptionFailure", "EncryptionFailure"} or code.startswith("KMS"):
        cause = "its KMS key cannot be used; check that the key is enabled and that its policy admits the caller"
    elif code in _BAD_CREDENTIALS:
        cause = "AWS does not accept the credentials; renew them"
    else:
        return SecretUnavailableError(
            f"AWS in {region} answered {operation} of secret {name} with {code}; try again later"
        )
    return SecretAccessDeniedError(f"{operation} of secret {name} in {region} is denied ({code}): {cause}")


def _in_deletion(name: SecretName, region: str) -> str:
    return (
        f"secret {name} in {region} is scheduled for deletion; restore it with: "
        f"aws secretsmanager restore-secret --region {region} --secret-id {name}"
    )
