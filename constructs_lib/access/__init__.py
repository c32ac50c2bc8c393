"""Policies, derived from the access matrix of config/access.py: no statement about secrets is written by hand."""
