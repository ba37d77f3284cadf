"""What makes parts of the documentation from the code; not part of the package."""
