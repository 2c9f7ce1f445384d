#!/usr/bin/env python3
"""The containment section of tests/run.py by itself: containment.py --verifier PATH."""
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import run                                                                                         # noqa: E402

if __name__ == "__main__":
    sys.argv[1:] = ["--section", "containment", *sys.argv[1:]]
    sys.exit(run.main())
