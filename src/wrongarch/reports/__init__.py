"""What people see of a run: progress while it goes, a summary at its end, and results as JSON."""
