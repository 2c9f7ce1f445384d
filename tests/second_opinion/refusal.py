"""The one way a certificate is refused: a reason code of schema/reasons.md with a JSON pointer."""
from __future__ import annotations

MALFORMED = """json-encoding json-syntax json-depth json-number key-duplicate key-unknown key-missing type-mismatch
    string-alphabet string-length format-name number-grammar word-unknown base64 tensor-size""".split()
DECLINED = """version-unknown task-unknown architecture-unsupported dtype-unknown rule-unknown claim-unknown limit-file
    limit-context limit-vocabulary limit-width limit-tensors limit-claims limit-steps limit-provenance limit-length
    limit-tail-norms limit-logit-range""".split()
REJECTED = """claim-none claim-duplicate claim-range claim-unsupported claim-not-implied task-inputs task-label label-range
    digest-mismatch tensor-missing tensor-unused tensor-shape weight-not-finite
    witness-unused witness-missing witness-shape witness-value
    step-none step-id step-coverage step-mixed step-empty step-blocks rule-context rule-task rule-steps rule-direction rule-loss rule-margin
    interval-reversed loss-lower loss-upper correct-count margin operations-budget""".split()

EXIT = {"VERIFIED": 0, "REJECTED": 1, "DECLINED": 2, "MALFORMED": 3}
VERDICT = {code: verdict
           for verdict, codes in (("MALFORMED", MALFORMED), ("DECLINED", DECLINED), ("REJECTED", REJECTED))
           for code in codes}


class Refusal(Exception):
    """Raised by `require` and caught once, in second_opinion.judge."""

    def __init__(self, code: str, pointer: str, details: str = "") -> None:
        super().__init__(f"{code} at {pointer or '/'}: {details}")
        self.code, self.pointer, self.details = code, pointer, details

    @property
    def verdict(self) -> str:
        return VERDICT[self.code]


def require(condition: bool, code: str, pointer: str, details: str = "") -> None:
    """The gate that every condition passes."""
    if not condition:
        raise Refusal(code, pointer, details)
