"""The family attention-only, for writing certificates: models, witnesses, lengths, and bounds by tests/attention with 50 digits."""
from . import lengths, models, witnesses

__all__ = ["lengths", "models", "witnesses"]
