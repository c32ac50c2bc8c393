"""Measurements: ratios within one run, medians. ``make bench`` prints them; nothing asserts them."""
