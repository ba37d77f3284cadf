"""What is wrong with this machine, found by trying: probes, each with the fix to paste."""
