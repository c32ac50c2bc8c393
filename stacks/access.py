"""The roles of the ERP and of people, with what the access matrix says they may do."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam

from alees_secrets import naming
from config.access import Action, Duty, rules_of
from config.people import TrustedPrincipal
from constructs_lib.access.developer_user import DeveloperUser
from constructs_lib.access.grants import accept_wildcards, grant_declared
from constructs_lib.access.people_role import PeopleRole
from constructs_lib.application_role import ApplicationRole
from constructs_lib.permissions_boundary import PEOPLE_BOUNDARY, bound_by_boundary
from constructs_lib.rotation_function import RotationFunction
from stacks.environment import EnvironmentStack

_DESCRIPTIONS: Mapping[Duty, str] = {
    Duty.OPERATOR: "People on call: start rotations, read no value",
    Duty.WRITER: "People who set values by hand: create and write secrets, read no value",
    Duty.AUDITOR: "People who look after the rules: describe secrets and their policies",
    Duty.BREAK_GLASS: "People in an emergency: everything, for an hour, with an alarm",
}


_ONE_FUNCTION = "Functions have generated names; the stack of a shard holds its rotation function and no other"

_GENERATED = "Alarms and topic have generated names; these calls tell their state and who is subscribed"

_NO_RESOURCES = "These calls know no resources; they return names, states and who called what, never a value"


class Access:
    """Adds who uses the secrets to an environment's stack.

    Args:
        stack: The environment's stack of secrets.
        key_arns: ARNs of the keys in it by domain.
        functions: The rotation functions in it, which who starts a rotation must be allowed to invoke
            (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_RotateSecret.html).
    """

    def __init__(
        self, stack: EnvironmentStack, *, key_arns: Mapping[str, str], functions: Sequence[RotationFunction]
    ) -> None:
        self._stack = stack
        self._key_arns = key_arns
        # API keys' functions are in stacks of their own, so by patterns.
        self._patterns = [
            f"arn:{stack.partition}:lambda:{stack.region}:{stack.account}:function:{stack.stack_name}Api{shard:02}-*"
            for shard in stack.settings.shards
        ]
        self._functions = [*(each.function.function_arn for each in functions), *self._patterns]

    def add_application(self) -> None:
        """Add the role of the ERP's servers."""
        application = ApplicationRole(
            self._stack, "Application", role_name=self._name(Duty.APPLICATION), role_path=self._path()
        )
        self._grant(application.role, Duty.APPLICATION)

    def add_people(self, duty: Duty, trusted: Sequence[TrustedPrincipal]) -> None:
        """Add the role of people, if there are any."""
        if not trusted:
            return
        people = PeopleRole(
            self._stack,
            "".join(word.capitalize() for word in duty.split("-")),
            role_name=self._name(duty),
            role_path=self._path(),
            description=_DESCRIPTIONS[duty],
            trusted=trusted,
        )
        bound_by_boundary(people, PEOPLE_BOUNDARY)
        self._grant(people.role, duty)

    def add_developer(self) -> None:
        """Add the IAM user of Dev."""
        user = DeveloperUser(self._stack, "Developer", user_name=self._name(Duty.DEVELOPER), path=self._path())
        bound_by_boundary(user, PEOPLE_BOUNDARY)
        self._grant(user.user, Duty.DEVELOPER)
        user.accept_own_policy()

    def _grant(self, grantee: iam.IRole | iam.IUser, duty: Duty) -> None:
        settings = self._stack.settings
        grant_declared(grantee, settings, duty, self._key_arns)
        if any(Action.ROTATE in rule.actions for rule in rules_of(settings, duty)):
            iam.Grant.add_to_principal(
                grantee=grantee, actions=["lambda:InvokeFunction"], resource_arns=self._functions
            )
            accept_wildcards(grantee, dict.fromkeys(self._patterns, _ONE_FUNCTION))
        if any(Action.LIST in rule.actions for rule in rules_of(settings, duty)):
            self._grant_look(grantee)
        if any(Action.READ_POLICY in rule.actions for rule in rules_of(settings, duty)):
            iam.Grant.add_to_principal(grantee=grantee, actions=["cloudtrail:LookupEvents"], resource_arns=["*"])
            accept_wildcards(grantee, {"*": _NO_RESOURCES})

    def _grant_look(self, grantee: iam.IRole | iam.IUser) -> None:
        """Let whoever may see how the secrets are see what watches them, too."""
        stack = self._stack
        place = f"{stack.region}:{stack.account}"
        alarms = f"arn:{stack.partition}:cloudwatch:{place}:alarm:*"
        topics = f"arn:{stack.partition}:sns:{place}:{stack.stack_name}-Alerts*"
        iam.Grant.add_to_principal(grantee=grantee, actions=["cloudwatch:DescribeAlarms"], resource_arns=[alarms])
        iam.Grant.add_to_principal(grantee=grantee, actions=["sns:ListSubscriptionsByTopic"], resource_arns=[topics])
        iam.Grant.add_to_principal(grantee=grantee, actions=["sns:ListTopics"], resource_arns=["*"])
        accept_wildcards(grantee, {alarms: _GENERATED, topics: _GENERATED, "*": _NO_RESOURCES})

    def _name(self, duty: Duty) -> str:
        return naming.role_name(self._stack.settings.slug, duty)

    def _path(self) -> str:
        return naming.role_path(self._stack.settings.slug)
