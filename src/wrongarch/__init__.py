"""wrongarch: reproduce a failure on the architecture you do not have."""

__version__ = "0.1.0"
