"""The rule for any description and any task, from docs/rules/any/. Read: proof."""
