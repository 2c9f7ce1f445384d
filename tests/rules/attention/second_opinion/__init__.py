"""The rules of the shape attention-only, from docs/rules/attention/. Read: proof, witnesses, tables, label, then a rule: enumeration, cubic,
subcubic, columns, near_far, band, soft_near_far, placements."""
