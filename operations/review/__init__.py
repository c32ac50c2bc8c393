"""What a change does to the stacks, for the reviewer of a pull request: ``make synth`` and ``make diff``."""
