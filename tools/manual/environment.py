"""Variables of the environment that the program reads, for the reference and the man page."""

from __future__ import annotations

VARIABLES = {
    "WRONGARCH_CACHE": "The folder of caches: packages, images, emulators. Without it, wrongarch in the user's cache "
    "folder (XDG_CACHE_HOME).",
    "WRONGARCH_CONFIG": "The folder of config.toml and of pins of your own. Without it, wrongarch in the user's "
    "configuration folder (XDG_CONFIG_HOME).",
    "WRONGARCH_ENGINE": "The engine where no --engine is typed: sandbox, docker, podman or auto.",
    "WEBKIT_PATH": "A WebKit checkout, which the recipe jsc is built from where no --source is typed.",
    "WRONGARCH_DEBIAN_MIRROR": "Debian's archive, before what config.toml and apt's sources say.",
    "WRONGARCH_DEBIAN_SNAPSHOT": "The archive of snapshots, for what the mirror no longer has.",
    "WRONGARCH_IDS": "Set to single to do without newuidmap: root is then the only user in a sandbox.",
    "WRONGARCH_REGISTRATION": "For engines with a daemon: private, or container to register on the host as is done "
    "on kernels before Linux 6.7.",
    "WRONGARCH_REGISTRY": "A repository of a registry, without a tag, from which images come by their lock instead of "
    "being built.",
    "WRONGARCH_REGISTRY_USER, WRONGARCH_REGISTRY_PASSWORD": "Who we are there; sent to that registry alone. Without "
    "them, the credentials of docker login.",
    "WRONGARCH_JOB": "In pipelines: the id of the job, for `wrongarch ci run`.",
    "GH_TOKEN, GITHUB_TOKEN": "A token for GitHub; sent to GitHub alone.",
    "GITLAB_TOKEN, CI_JOB_TOKEN": "A token for GitLab; sent to the GitLab of the address alone.",
    "DOCKER_HOST, DOCKER_CONTEXT, CONTAINER_HOST": "Where the daemons are, as docker and podman read them.",
}
