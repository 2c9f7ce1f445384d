"""What the black-box tests share: models, certificates and verifiers, in the Python standard library."""
