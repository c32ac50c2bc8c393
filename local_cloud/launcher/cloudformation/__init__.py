"""CloudFormation's resource types that the emulator lacks, or has otherwise than AWS."""
