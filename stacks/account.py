"""The stack ``AleesSecretsAccount``: what an AWS account has once for all environments in it."""

import aws_cdk
from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from config.account import Account
from constructs_lib.access.ci_roles import CiRoles
from constructs_lib.audit_trail import AuditTrail
from constructs_lib.permissions_boundary import BOUNDARY, CI_BOUNDARY, PEOPLE_BOUNDARY, PermissionsBoundary


class AccountStack(Stack):
    """The trail, unless the account has one, the permissions boundaries, and the roles of workflows.

    Args:
        scope: The app.
        account: Configuration.
    """

    def __init__(self, scope: Construct, account: Account) -> None:
        super().__init__(
            scope,
            account.stack_id,
            stack_name=account.stack_name,
            env=aws_cdk.Environment(account=account.id, region=account.home_region),
            description="What the environments of Alees Secrets in this account share",
            termination_protection=account.keep_data,
        )
        running = PermissionsBoundary(self, "Boundary", name=BOUNDARY)
        PermissionsBoundary(self, "PeopleBoundary", name=PEOPLE_BOUNDARY)
        if account.github is not None:
            bound = PermissionsBoundary(self, "CiBoundary", name=CI_BOUNDARY)
            iam.PermissionsBoundary.of(CiRoles(self, "Ci", github=account.github)).apply(bound.policy)
        if account.existing_trail_log_group is None:
            trail = AuditTrail(
                self,
                "Trail",
                removal_policy=RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if account.keep_data else RemovalPolicy.DESTROY,
            )
            iam.PermissionsBoundary.of(trail).apply(running.policy)
