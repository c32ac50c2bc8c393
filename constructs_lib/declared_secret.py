"""A secret with its one resource policy and, where it rotates, its schedule."""

from collections.abc import Sequence
from dataclasses import dataclass

from aws_cdk import RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_secretsmanager as secretsmanager
from constructs import Construct, IDependable

from alees_secrets.kinds import PLACEHOLDER_KEY, PLACEHOLDER_TEMPLATE
from constructs_lib.accepted_findings import accept


@dataclass(frozen=True, kw_only=True)
class DeclaredSecretProps:
    """What a secret is.

    Attributes:
        name: Whole name.
        description: What it is for.
        key: Key that encrypts it.
        reader_arns: ARNs of the only roles and users that may read its value; none may when there are none.
        replica: Where it is replicated to, and under which key.
        removal_policy: What happens to it when it leaves the stack.
    """

    name: str
    description: str
    key: kms.IKey
    reader_arns: Sequence[str]
    replica: "Replica"
    removal_policy: RemovalPolicy


@dataclass(frozen=True, kw_only=True)
class Replica:
    """A copy of a secret in another region.

    Attributes:
        region: The other region.
        key_alias: Alias, there, of the key that encrypts it.
    """

    region: str
    key_alias: str


@dataclass(frozen=True, kw_only=True)
class Schedule:
    """When a secret rotates.

    Attributes:
        days: Days between rotations.
        window_hours: Hours from the moment it is due in which Secrets Manager may start.
    """

    days: int
    window_hours: int


class DeclaredSecret(Construct):
    """A secret that is deployed with a placeholder and never written by CloudFormation again.

    Defines: the secret, its replica, and a resource policy that denies reading the value to all but the named roles
        and without TLS. It denies no call on the policy itself, so that a mistake can be repaired.
    Grants: nothing; constructs_lib/access derives what roles may do.
    Leaves to the caller: the key's policy, and the schedule through rotate.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: DeclaredSecretProps) -> None:
        super().__init__(scope, construct_id)
        self._secret = secretsmanager.Secret(
            self,
            "Secret",
            secret_name=props.name,
            description=props.description,
            encryption_key=props.key,
            generate_secret_string=secretsmanager.SecretStringGenerator(
                secret_string_template=PLACEHOLDER_TEMPLATE, generate_string_key=PLACEHOLDER_KEY
            ),
            removal_policy=props.removal_policy,
        )
        self.secret: secretsmanager.ISecret = self._secret
        self._replicate(props.replica)
        self._policy = secretsmanager.CfnResourcePolicy(
            self,
            "Policy",
            secret_id=self.secret.secret_arn,
            block_public_policy=True,
            resource_policy=_resource_policy(props.reader_arns),
        )

    def _replicate(self, replica: Replica) -> None:
        """Replicate the secret under a plain alias.

        The CDK's own way renders an alias's ARN with the region of the stack; CloudFormation then succeeds, and the
        replication does not.
        """
        resource = self._secret.node.default_child
        assert isinstance(resource, secretsmanager.CfnSecret)  # noqa: S101 - tells the type checker what the CDK makes
        resource.replica_regions = [
            secretsmanager.CfnSecret.ReplicaRegionProperty(region=replica.region, kms_key_id=replica.key_alias)
        ]

    def rotate(self, schedule: Schedule, *, function_arn: str, after: Sequence[IDependable]) -> None:
        """Rotate the secret on *schedule*, the first time as soon as it is deployed.

        Args:
            schedule: When.
            function_arn: The rotation function.
            after: What the first rotation needs besides the secret's own policy: the function's permission and role
                policy, and what hears of its success.
        """
        rotation = secretsmanager.CfnRotationSchedule(
            self,
            "Schedule",
            secret_id=self.secret.secret_arn,
            rotation_lambda_arn=function_arn,
            rotation_rules=secretsmanager.CfnRotationSchedule.RotationRulesProperty(
                schedule_expression=f"rate({schedule.days} days)", duration=f"{schedule.window_hours}h"
            ),
            rotate_immediately_on_update=True,
        )
        for dependency in (self._policy, *after):
            rotation.node.add_dependency(dependency)

    def accept_no_rotation(self, reason: str) -> None:
        """Record why the secret has no schedule."""
        accept(self._secret, {"AwsSolutions-SMG4": reason, "SecretsManagerRotationEnabled": reason})


def _resource_policy(reader_arns: Sequence[str]) -> iam.PolicyDocument:
    return iam.PolicyDocument(
        statements=[
            iam.PolicyStatement(
                sid="OnlyNamedRolesReadValues",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["secretsmanager:GetSecretValue"],
                resources=["*"],  # in a secret's policy: this secret, or its replica, which carries the policy verbatim
                conditions={"ArnNotLike": {"aws:PrincipalArn": list(reader_arns)}} if reader_arns else None,
            ),
            iam.PolicyStatement(
                sid="NoValuesWithoutTls",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["secretsmanager:GetSecretValue", "secretsmanager:PutSecretValue"],
                resources=["*"],  # as above
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            ),
        ]
    )
