"""What IAM's evaluation in the emulator lacks."""
