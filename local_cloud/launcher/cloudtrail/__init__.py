"""CloudTrail: who called what, told to the event history and to the trails that are logging."""
