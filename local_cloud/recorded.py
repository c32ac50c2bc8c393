"""What the local AWS accepts and answers for, without doing what AWS would do. Shown at every start."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recorded:
    """One part of AWS that is recorded and not emulated.

    Attributes:
        what: The part.
        consequence: What therefore cannot be seen locally.
    """

    what: str
    consequence: str


RECORDED = (
    Recorded("KMS on secrets", "key policies, grants and disabled keys do not stop a read"),
    Recorded("VPC, subnets, security groups", "functions run on this machine's network"),
    Recorded("instance profiles", "no EC2 instance assumes the application's role; assume it by hand"),
    Recorded("root and account-number keys", "they are allowed everything, whatever a policy denies"),
    Recorded("OIDC providers", "the signature of a workflow's token is not verified; its claims are"),
    Recorded("CloudFormation's role", "stacks are deployed with root's rights"),
    Recorded("Lambda", "functions run in this project's Python and on its processor, with its installed packages"),
    Recorded("metric filters, dead-letter queues", "nothing is measured or queued"),
    Recorded("new alarms", "one that is new, or whose clock moved by over a day, waits for its whole range first"),
    Recorded("a trail's bucket and selectors", "no log files; every management event is delivered, at once"),
    Recorded("calls of CloudFormation", "a stack's own calls are not in the trail, only those to CloudFormation are"),
    Recorded("alarms on computed metrics, saved queries", "accepted; none rings but one above the band of one metric"),
    Recorded("bands of usual values", "mean and deviation of two weeks; AWS's model also knows hours, days and trend"),
    Recorded("lifecycles, access logs and tags of buckets in stacks", "accepted and dropped; no object expires"),
    Recorded("Amazon SES", "a login is real, and a new key works at once; mail is taken and thrown away, unread"),
    Recorded("rotation windows", "a rotation starts as its window opens, and is tried once a window"),
)
