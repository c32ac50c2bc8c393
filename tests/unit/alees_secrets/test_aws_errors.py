import pytest
from botocore import exceptions
from botocore.exceptions import ClientError

from alees_secrets import (
    RotationRefusedError,
    SecretAccessDeniedError,
    SecretExistsError,
    SecretNotFoundError,
    SecretsError,
    SecretUnavailableError,
)
from alees_secrets.aws_errors import refusal, silence
from alees_secrets.naming import SecretName
from tests.fakes.canary import CANARY

NAME = SecretName("prod", "jwt/credentials")
READ, CREATE, UPDATE, ROTATE = "GetSecretValue", "CreateSecret", "PutSecretValue", "RotateSecret"
MARKED = "You can't perform this operation on the secret because it was marked for deletion."
SCHEDULED = "You can't create this secret because a secret with this name is already scheduled for deletion."


def _refused(operation: str, code: str, message: str = CANARY) -> SecretsError:
    return refusal(ClientError({"Error": {"Code": code, "Message": message}}, operation), NAME, "eu-central-1")


@pytest.mark.parametrize(
    ("operation", "code", "message", "expected", "advice"),
    [
        (READ, "ResourceNotFoundException", "", SecretNotFoundError, "deploy the secret"),
        (UPDATE, "ResourceNotFoundException", "", SecretNotFoundError, "deploy the secret"),
        (ROTATE, "ResourceNotFoundException", "", SecretNotFoundError, "deploy the secret"),
        (READ, "InvalidRequestException", MARKED, SecretNotFoundError, "aws secretsmanager restore-secret"),
        (ROTATE, "InvalidRequestException", MARKED, SecretNotFoundError, "aws secretsmanager restore-secret"),
        (CREATE, "InvalidRequestException", SCHEDULED, SecretExistsError, "aws secretsmanager restore-secret"),
        (CREATE, "ResourceExistsException", "", SecretExistsError, "update_secret"),
        (CREATE, "InvalidParameterException", "", SecretUnavailableError, "the KMS key alias/alees/prod/jwt"),
        (CREATE, "ResourceNotFoundException", "", SecretUnavailableError, "the KMS key alias/alees/prod/jwt"),
        (CREATE, "LimitExceededException", "", SecretUnavailableError, "try again later"),
        (ROTATE, "InvalidRequestException", "", RotationRefusedError, "./alees-secrets status"),
        (UPDATE, "InvalidRequestException", "", SecretUnavailableError, "try again later"),
        (UPDATE, "ResourceExistsException", "", SecretUnavailableError, "try again later"),
        (READ, "AccessDeniedException", "", SecretAccessDeniedError, "ask for the permission"),
        (CREATE, "AccessDenied", "", SecretAccessDeniedError, "ask for the permission"),
        (READ, "DecryptionFailure", "", SecretAccessDeniedError, "its KMS key cannot be used"),
        (UPDATE, "EncryptionFailure", "", SecretAccessDeniedError, "its KMS key cannot be used"),
        (READ, "KMSAccessDeniedException", "", SecretAccessDeniedError, "its KMS key cannot be used"),
        (READ, "ExpiredTokenException", "", SecretAccessDeniedError, "renew them"),
        (READ, "UnrecognizedClientException", "", SecretAccessDeniedError, "renew them"),
        (READ, "ThrottlingException", "", SecretUnavailableError, "try again later"),
        (READ, "InternalServiceError", "", SecretUnavailableError, "try again later"),
    ],
)
def test_error_says_what_to_do_when_aws_refuses(
    operation: str, code: str, message: str, expected: type[SecretsError], advice: str
) -> None:
    failure = _refused(operation, code, message)
    assert type(failure) is expected
    assert advice in str(failure)
    assert f"secret {NAME} " in str(failure)
    assert "eu-central-1" in str(failure)


@pytest.mark.parametrize("operation", [READ, CREATE, UPDATE, ROTATE])
@pytest.mark.parametrize(
    "code", ["ResourceNotFoundException", "InvalidRequestException", "AccessDeniedException", "ValidationException"]
)
def test_words_of_aws_are_not_quoted_when_it_refuses(operation: str, code: str) -> None:
    assert CANARY not in str(_refused(operation, code))


def test_error_is_unavailability_when_answer_has_no_code() -> None:
    failure = refusal(ClientError({}, READ), NAME, "eu-central-1")
    assert str(failure) == (
        "AWS in eu-central-1 answered GetSecretValue of secret alees/prod/jwt/credentials with an error without code; "
        "try again later"
    )


@pytest.mark.parametrize(
    "error",
    [
        exceptions.NoCredentialsError(),
        exceptions.PartialCredentialsError(provider="env", cred_var="AWS_SECRET_ACCESS_KEY"),
        exceptions.CredentialRetrievalError(provider="iam-role", error_msg=CANARY),
        exceptions.ProfileNotFound(profile=CANARY),
        exceptions.SSOTokenLoadError(error_msg=CANARY),
    ],
)
def test_ways_to_give_credentials_are_named_when_there_are_none(error: exceptions.BotoCoreError) -> None:
    failure = silence(error, NAME, "eu-central-1")
    assert f"there are no usable AWS credentials ({type(error).__name__}); run with the instance's role" in str(failure)
    assert CANARY not in str(failure)


@pytest.mark.parametrize(
    "error",
    [
        exceptions.EndpointConnectionError(endpoint_url=CANARY),
        exceptions.ConnectTimeoutError(endpoint_url=CANARY),
        exceptions.ReadTimeoutError(endpoint_url=CANARY),
        exceptions.ParamValidationError(report=CANARY),
    ],
)
def test_network_is_named_when_there_is_no_answer(error: exceptions.BotoCoreError) -> None:
    assert str(silence(error, NAME, "eu-central-1")) == (
        f"Secrets Manager in eu-central-1 did not answer about secret {NAME} ({type(error).__name__}); check the "
        "network and try again later"
    )
