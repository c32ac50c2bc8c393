"""CloudWatch: which metrics services and functions make, and when alarms on them change their state."""
