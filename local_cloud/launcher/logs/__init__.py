"""CloudWatch Logs: who subscribes to a log group, and what of it they are sent."""
