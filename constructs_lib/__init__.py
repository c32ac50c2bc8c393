"""Constructs: one capability a file. They create and expose; stacks connect them and grant."""
