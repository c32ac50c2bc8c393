"""A function that watches, outside any VPC."""

from constructs import Construct

from constructs_lib.accepted_findings import accept
from constructs_lib.logged_function import LoggedFunction, LoggedFunctionProps


class MonitoringFunction(LoggedFunction):
    """A function that watches and tells.

    It calls AWS and nobody else, so it runs outside any VPC: an outage of a network does not end the watching.

    Defines: the function, its role, its log group.
    Grants: to the role, writing its own logs.
    Leaves to the caller: what invokes it, what it may see, and an alarm on its silence.
    """

    def __init__(self, scope: Construct, construct_id: str, *, props: LoggedFunctionProps) -> None:
        super().__init__(scope, construct_id, props=props)
        accept(
            self.function,
            {
                "LambdaInsideVPC": "It calls AWS alone, and has to go on when a network fails",
                "LambdaDLQ": "An alarm tells when it fails or falls silent",
                "LambdaConcurrency": "Reservations fail in new accounts, whose limit is 10",
            },
        )
