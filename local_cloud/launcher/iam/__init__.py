"""What IAM in the emulator lacks."""
