"""Capsules: one file that holds a failure, replays it on any Linux machine, and tells what is to blame."""
