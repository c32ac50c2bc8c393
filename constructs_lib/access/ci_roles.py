"""The roles of the workflows that review and deploy."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from config.github import GitHubRepository
from constructs_lib.accepted_findings import OWN_POLICY, accept, nag_text

_HOST = "token.actions.githubusercontent.com"
_AUDIENCE = "sts.amazonaws.com"

ROLE_PATH = "/alees/"
DIFF, DEPLOY = "alees-ci-diff", "alees-ci-deploy"


class CiRoles(Construct):
    """Roles that workflows on github.com take on with their own tokens; no key is stored anywhere.

    Defines: GitHub's OIDC provider, unless the account has it; a role that compares, for workflows of pull requests,
        and a role that deploys, for workflows in the repository's environment.
    Grants: to the first, reading the templates of this application's stacks, which ``make diff`` and
        ``cdk diff --method=template`` compare with; to the second, assuming the roles of the CDK's bootstrap in this
        account.
    Leaves to the caller: boundaries; who approves a workflow in the environment, which GitHub's settings say.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, github: GitHubRepository) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        provider_arn = f"arn:{stack.partition}:iam::{stack.account}:oidc-provider/{_HOST}"
        if github.make_provider:
            provider = iam.OidcProviderNative(self, "GitHub", url=f"https://{_HOST}", client_ids=[_AUDIENCE])
            provider_arn = provider.oidc_provider_arn
        self.diff: iam.IRole = self._role("Diff", DIFF, "Compares templates", provider_arn, github.compares)
        self.deploy: iam.IRole = self._role("Deploy", DEPLOY, "Deploys with the CDK", provider_arn, github.deploys)
        account = nag_text(stack.account)
        self._allow(
            self.diff,
            ["cloudformation:DescribeStacks", "cloudformation:GetTemplate"],
            f"arn:{stack.partition}:cloudformation:*:{stack.account}:stack/AleesSecrets*/*",
            f"arn:<AWS::Partition>:cloudformation:*:{account}:stack/AleesSecrets*/*",
            "This application's stacks, in the regions that they are in",
        )
        self._allow(
            self.deploy,
            ["sts:AssumeRole"],
            f"arn:{stack.partition}:iam::{stack.account}:role/cdk-*-role-{stack.account}-*",
            f"arn:<AWS::Partition>:iam::{account}:role/cdk-*-role-{account}-*",
            "The roles of the CDK's bootstrap, in the regions that it was run in",
        )

    def _role(self, construct_id: str, name: str, description: str, provider_arn: str, subject: str) -> iam.IRole:
        return iam.Role(
            self,
            construct_id,
            role_name=name,
            path=ROLE_PATH,
            description=description,
            assumed_by=iam.WebIdentityPrincipal(
                provider_arn, {"StringEquals": {f"{_HOST}:aud": _AUDIENCE, f"{_HOST}:sub": subject}}
            ),
        )

    def _allow(self, role: iam.IRole, actions: list[str], resource: str, written: str, reason: str) -> None:
        iam.Grant.add_to_principal(grantee=role, actions=actions, resource_arns=[resource])
        accept(
            role.node.find_child("DefaultPolicy"),
            {"IAMNoInlinePolicy": OWN_POLICY, f"AwsSolutions-IAM5[Resource::{written}]": reason},
        )
