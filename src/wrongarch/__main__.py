"""`python -m wrongarch`."""

import sys

from wrongarch.cli import main

if __name__ == "__main__":
    sys.exit(main())
