"""Where commands run: namespaces on this machine (sandbox), docker, podman. One contract for all, in `base`."""
