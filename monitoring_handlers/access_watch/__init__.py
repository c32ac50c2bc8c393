"""Reads the trail's log as it is written and tells who reads secrets that should not, or reads them oddly."""
