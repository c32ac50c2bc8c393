"""Read what a trail has written."""

import json
from dataclasses import dataclass
from typing import Any

from tests.unit.local_cloud.local_aws import LocalAws

Record = dict[str, Any]


@dataclass
class Trail:
    """A trail with its log group."""

    aws: LocalAws
    group: str

    def records(self, event_name: str) -> list[Record]:
        """Return the events of a name, oldest first."""
        pages = self.aws.logs.get_paginator("filter_log_events").paginate(logGroupName=self.group)
        written = [json.loads(event["message"]) for page in pages for event in page["events"]]
        return [record for record in written if record["eventName"] == event_name]

    def record(self, event_name: str) -> Record:
        """Return the only event of a name."""
        (found,) = self.records(event_name)
        return found
