"""What earlier runs of a project tell: how long tests take, how often they flake. In SQLite, for good."""
