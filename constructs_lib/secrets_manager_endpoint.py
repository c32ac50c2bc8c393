"""A private way from a VPC to Secrets Manager."""

from aws_cdk import Stack
from aws_cdk import aws_ec2 as ec2
from constructs import Construct

from config.network import Network


class SecretsManagerEndpoint(Construct):
    """The interface endpoint of Secrets Manager in the functions' subnets.

    Defines: the endpoint, with private DNS, and a security group that admits the functions' group by HTTPS.
    Grants: nothing: what a caller may do is said by its role and the secrets' policies.
    Leaves to the caller: that the VPC has no such endpoint yet.

    https://docs.aws.amazon.com/secretsmanager/latest/userguide/vpc-endpoint-overview.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, network: Network) -> None:
        super().__init__(scope, construct_id)
        group = ec2.CfnSecurityGroup(
            self,
            "SecurityGroup",
            group_description="Interface endpoint of Secrets Manager: HTTPS from the rotation functions",
            vpc_id=network.vpc_id,
            security_group_ingress=[
                ec2.CfnSecurityGroup.IngressProperty(
                    ip_protocol="tcp",
                    from_port=443,
                    to_port=443,
                    source_security_group_id=network.security_group_id,
                    description="Rotation functions",
                )
            ],
        )
        ec2.CfnVPCEndpoint(
            self,
            "Endpoint",
            service_name=f"com.amazonaws.{Stack.of(self).region}.secretsmanager",
            vpc_id=network.vpc_id,
            subnet_ids=list(network.subnet_ids),
            security_group_ids=[group.attr_group_id],
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
        )
