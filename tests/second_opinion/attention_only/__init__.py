"""The family attention-only, from docs/rules/attention/. Read: family, witnesses, real, tables, label, counting, then a rule, each with the walk
that counts its operations: enumeration, cubic, subcubic, columns, near_far, band, soft_near_far, placements."""
