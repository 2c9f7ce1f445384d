"""The rules of the shape token-sum, from docs/rules/. Read: proof, witnesses, enclosure, head_tail, block_jensen."""
