"""The sections of tests/run.py: each has `run(context)`."""
