"""Commands on the applications' instances each time a secret changed."""

from aws_cdk import Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_ssm as ssm
from constructs import Construct

from config.reload import ReloadCommand
from constructs_lib.accepted_findings import OWN_POLICY, accept, nag_text
from constructs_lib.secret_updates import label_updates


class Reload(Construct):
    """Runs fixed commands by SSM Run Command on the instances with a tag.

    Defines: an SSM document that holds the commands and takes no parameters, so that nothing else can be run with it;
        the rule that does so when a secret changed, and the role with which EventBridge does it.
    Grants: to the role, sending that document to instances with that tag.
    Leaves to the caller: instances that Systems Manager manages, with the tag.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-identity-based.html#target-permissions

    Args:
        scope: Parent.
        construct_id: Literal id.
        command: What is run, and where.
        name_prefix: What the names of the environment's secrets begin with.
        role_name: Fixed name of the role.
        role_path: Its IAM path.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        command: ReloadCommand,
        name_prefix: str,
        role_name: str,
        role_path: str,
    ) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        document = ssm.CfnDocument(
            self,
            "Document",
            document_type="Command",
            update_method="NewVersion",
            content={
                "schemaVersion": "2.2",
                "description": "Make applications read their secrets again",
                "mainSteps": [
                    {
                        "action": "aws:runShellScript",
                        "name": "reload",
                        "inputs": {"runCommand": list(command.commands), "timeoutSeconds": "60"},
                    }
                ],
            },
        )
        arn = f"arn:{stack.partition}:ssm:{stack.region}:{stack.account}:document/{document.ref}"
        self.role: iam.IRole = iam.Role(
            self,
            "Role",
            role_name=role_name,
            path=role_path,
            description="EventBridge sends the reload command",
            assumed_by=iam.ServicePrincipal("events.amazonaws.com"),
        )
        self._grant_send(arn, command)
        self._run_when_updated(arn, command, name_prefix)

    def _grant_send(self, document_arn: str, command: ReloadCommand) -> None:
        stack = Stack.of(self)
        instances = f"arn:{stack.partition}:ec2:{stack.region}:{stack.account}:instance/*"
        iam.Grant.add_to_principal(grantee=self.role, actions=["ssm:SendCommand"], resource_arns=[document_arn])
        iam.Grant.add_to_principal(
            grantee=self.role,
            actions=["ssm:SendCommand"],
            resource_arns=[instances],
            conditions={"StringEquals": {f"ssm:resourceTag/{command.tag}": list(command.values)}},
        )
        written = f"arn:<AWS::Partition>:ec2:{stack.region}:{nag_text(stack.account)}:instance/*"
        accept(
            self.role.node.find_child("DefaultPolicy"),
            {
                "IAMNoInlinePolicy": OWN_POLICY,
                f"AwsSolutions-IAM5[Resource::{written}]": "Instances come and go; a condition names their tag",
            },
        )

    def _run_when_updated(self, document_arn: str, command: ReloadCommand, name_prefix: str) -> None:
        """Make the rule; the CDK has no target for Run Command."""
        rule = events.Rule(
            self,
            "Updated",
            description="A secret has another value, or one was revoked: run the reload command",
            event_pattern=label_updates(name_prefix),
        )
        resource = rule.node.default_child
        assert isinstance(resource, events.CfnRule)  # noqa: S101 - tells the type checker what the CDK makes
        resource.targets = [
            events.CfnRule.TargetProperty(
                id="Reload",
                arn=document_arn,
                role_arn=self.role.role_arn,
                run_command_parameters=events.CfnRule.RunCommandParametersProperty(
                    run_command_targets=[
                        events.CfnRule.RunCommandTargetProperty(key=f"tag:{command.tag}", values=list(command.values))
                    ]
                ),
            )
        ]
