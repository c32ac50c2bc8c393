"""The IAM user that sends mail through Amazon SES's SMTP interface, which knows no roles."""

from aws_cdk import RemovalPolicy, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from config.email import Ses
from constructs_lib.accepted_findings import OWN_POLICY, accept, nag_text

_KEY_ACTIONS = ["iam:CreateAccessKey", "iam:DeleteAccessKey", "iam:ListAccessKeys", "iam:UpdateAccessKey"]


class SmtpUser(Construct):
    """A user that may send mail and nothing else; its access keys are the rotation function's alone.

    Defines: the user, under a fixed path and name, with a policy for sending from one region; no access key.
    Grants: on request, handling the user's access keys.
    Leaves to the caller: nothing. CloudFormation deletes no user that has keys: they are deleted by hand before.

    https://docs.aws.amazon.com/ses/latest/dg/control-user-access.html

    Args:
        scope: Parent.
        construct_id: Literal id.
        user_name: Name.
        user_path: IAM path.
        sending: From which region, and as whom, it may send.
        removal_policy: What happens to the user when it leaves the stack.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        user_name: str,
        user_path: str,
        sending: Ses,
        removal_policy: RemovalPolicy,
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        user = iam.User(self, "User", user_name=user_name, path=user_path)
        user.apply_removal_policy(removal_policy)
        self.user: iam.IUser = user
        place = f"arn:{stack.partition}:ses:{sending.region}:{stack.account}"
        iam.Grant.add_to_principal(
            grantee=user,
            actions=["ses:SendRawEmail"],
            # A message may name a configuration set, or its identity have one.
            resource_arns=[f"{place}:identity/*", f"{place}:configuration-set/*"],
            conditions={"StringLike": {"ses:FromAddress": list(sending.from_addresses)}}
            if sending.from_addresses
            else None,
        )
        self._accept_findings(f"arn:<AWS::Partition>:ses:{sending.region}:{nag_text(stack.account)}")

    def grant_handle_keys(self, grantee: iam.IGrantable) -> iam.Grant:
        """Allow making, listing, deactivating and deleting the user's access keys."""
        return iam.Grant.add_to_principal(grantee=grantee, actions=_KEY_ACTIONS, resource_arns=[self.user.user_arn])

    def _accept_findings(self, place: str) -> None:
        """Accept what comes of a user with access keys; SES's SMTP interface takes nothing else."""
        accept(
            self.user,
            {
                "IAMUserGroupMembership": "One user for one purpose: a group could take in others",
            },
        )
        accept(
            self.user.node.find_child("DefaultPolicy"),
            {
                "IAMNoInlinePolicy": OWN_POLICY,
                "IAMUserNoPolicies": "One user for one purpose: a group could take in others",
                f"AwsSolutions-IAM5[Resource::{place}:identity/*]": "Identities are verified outside of this project; "
                "config names the senders",
                f"AwsSolutions-IAM5[Resource::{place}:configuration-set/*]": "An identity may have a configuration set",
            },
        )
