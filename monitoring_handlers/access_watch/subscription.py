"""What CloudWatch Logs sends to a function that subscribes to a log group.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

import base64
import gzip
import json
from collections.abc import Mapping
from typing import Any

from monitoring_handlers.access_watch.reading import Record


def records_in(event: Mapping[str, Any]) -> list[Record]:
    """Return CloudTrail's records in an event; none in one that only tests whether the function is there.

    Raises:
        KeyError: The event is not from CloudWatch Logs.
        ValueError: Likewise; or a line of the log is no JSON.
    """
    sent = json.loads(gzip.decompress(base64.b64decode(event["awslogs"]["data"])))
    return [json.loads(line["message"]) for line in sent["logEvents"] if sent["messageType"] == "DATA_MESSAGE"]
