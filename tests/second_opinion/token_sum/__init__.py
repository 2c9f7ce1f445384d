"""The family token-sum, from docs/rules/. Read: family, witnesses, counting, enclosure, head_tail, block_jensen."""
