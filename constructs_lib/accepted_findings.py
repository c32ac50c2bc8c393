"""Findings of cdk-nag that are accepted: each on one resource, with a reason that a reviewer can check."""

from collections.abc import Mapping

from aws_cdk import Acknowledgment, Token, Validations
from constructs import IConstruct

_PACKS = ("NIST.800.53.R5", "PCI.DSS.321", "HIPAA.Security")
"""Packs that know some rules by the same name."""

OWN_POLICY = "The policy belongs to this one role; a managed one could be attached to others"
"""Why roles here have inline policies."""


def accept(construct: IConstruct, findings: Mapping[str, str]) -> None:
    """Accept findings on the resource that *construct* makes.

    Args:
        construct: A construct of one resource.
        findings: Rule to reason. A rule is an id of AwsSolutions, such as ``AwsSolutions-S1``, or the name that the
            packs for NIST 800-53, PCI DSS and HIPAA share, such as ``LambdaDLQ``.
    """
    resource = construct.node.default_child or construct
    accepted = (Acknowledgment(id=each, reason=reason) for rule, reason in findings.items() for each in _ids(rule))
    Validations.of(resource).acknowledge(*accepted)


def nag_text(account: str) -> str:
    """Return *account* as cdk-nag writes it in the id of a finding: a reference in angle brackets."""
    return "<AWS::AccountId>" if Token.is_unresolved(account) else account


def _ids(rule: str) -> list[str]:
    return [f"AwsSolutions::{rule}"] if rule.startswith("AwsSolutions-") else [f"{p}::{p}-{rule}" for p in _PACKS]
