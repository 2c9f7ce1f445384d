"""The shape attention-only, for writing certificates: models, witnesses, and bounds by the rules on paper with 50 digits."""
from . import models, witnesses

__all__ = ["models", "witnesses"]
