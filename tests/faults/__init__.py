"""Kills real runs at random points, and checks that nothing is lost or left: see docs/faults.md."""
