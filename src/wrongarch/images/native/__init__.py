"""Native tools for foreign roots: what would be emulated runs as programs of this machine, with the same results."""
