"""A month of Prod as its trail has it, and what watches it."""
