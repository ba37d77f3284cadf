"""A report of one run or of several as one HTML file, which needs nothing else: no network, no server."""
