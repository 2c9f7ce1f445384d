"""The shape attention-only, for writing certificates: models, witnesses, and bounds by tests/attention with 50 digits."""
from . import models, witnesses

__all__ = ["models", "witnesses"]
