"""Who issues API keys: one file each, with a function ``strategy`` that takes a Service."""
