"""What an environment costs a month: its templates, the use that is assumed of it, and AWS's list prices."""
