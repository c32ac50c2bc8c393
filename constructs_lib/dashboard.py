"""One page for people: rows of text, graphs and tables."""

from collections.abc import Sequence

from aws_cdk import Duration, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from constructs import Construct

_WIDTH = 24
"""Columns of a dashboard."""

_HEIGHT = 6


class Dashboard(Construct):
    """A dashboard of a week, built from top to bottom.

    Defines: the dashboard; CloudWatch makes a name of the stack's.
    Grants: nothing; whoever may look at CloudWatch may look at it.
    Leaves to the caller: all that stands on it.
    """

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        self._page = cloudwatch.Dashboard(self, "Page", default_interval=Duration.days(7))

    def add_text(self, markdown: str, *, height: int) -> None:
        """Add a row of text."""
        self._page.add_widgets(
            cloudwatch.TextWidget(
                markdown=markdown, width=_WIDTH, height=height, background=cloudwatch.TextWidgetBackground.TRANSPARENT
            )
        )

    def add_alarms(self, stack: Stack, title: str) -> None:
        """Add every alarm that *stack* has by now, with its state."""
        made = [each for each in stack.node.find_all() if isinstance(each, cloudwatch.CfnAlarm)]
        alarms = [
            cloudwatch.Alarm.from_alarm_arn(self, f"Alarm{number}", each.attr_arn) for number, each in enumerate(made)
        ]
        self._page.add_widgets(cloudwatch.AlarmStatusWidget(title=title, alarms=alarms, width=_WIDTH, height=3))

    def add_row(self, *widgets: cloudwatch.IWidget) -> None:
        """Add widgets side by side."""
        self._page.add_widgets(*widgets)


def graph(title: str, *metrics: cloudwatch.IMetric, parts: int) -> cloudwatch.IWidget:
    """Return a graph that takes one of *parts* of a row."""
    return cloudwatch.GraphWidget(title=title, left=list(metrics), width=_WIDTH // parts, height=_HEIGHT)


def table(title: str, log_group: str, query: Sequence[str], *, parts: int, region: str) -> cloudwatch.IWidget:
    """Return the answer of a query of Logs Insights, which takes one of *parts* of a row.

    Each look at it costs what the query reads (operations/cost).
    """
    return cloudwatch.LogQueryWidget(
        title=title,
        log_group_names=[log_group],
        query_lines=list(query),
        view=cloudwatch.LogQueryVisualizationType.TABLE,
        region=region,
        width=_WIDTH // parts,
        height=_HEIGHT,
    )
