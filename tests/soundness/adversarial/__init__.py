"""A generator that tries to prove false things, at sizes where the truth is known to 450 bits. See tests/adversarial."""
