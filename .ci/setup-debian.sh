#!/usr/bin/env bash
# Installs what the tests need on a Debian or Ubuntu machine, as root. Running wrongarch itself needs none of it but
# Python and the certificates.
set -euo pipefail

packages=(
    ca-certificates
    git
    python3
    # integration tests:
    rsync      # gitlab-ci-local, which runs the generated pipeline, copies with it
    uidmap     # newuidmap: the way of ordinary users with many ids; without it the single-id way is tested alone
    zstd       # tar of the system unpacks a capsule
    util-linux # runuser, setpriv: tests that have to be an ordinary user
    # tests of engines, which start their own daemons on sockets of their own:
    buildah
    docker-registry
    fuse-overlayfs # podman as an ordinary user
    iptables       # dockerd looks for it
    man-db         # the man page is looked at with it
    openssh-client
    openssh-server # DOCKER_HOST=ssh://
    podman
    rootlesskit    # docker as an ordinary user
    runc           # podman's crun needs what some containers of CI lack
    skopeo
)

# a machine that has Docker from somebody else keeps it: the packages exclude each other
command -v dockerd >/dev/null || [ -x /usr/sbin/dockerd ] || packages+=(docker.io)
if grep -qx 'ID=debian' /etc/os-release; then
    packages+=(chromium chromium-driver) # the report is looked at in a real browser; Ubuntu's CI machines have Chrome
    # since Debian 13 docker.io is without the client, which examples of the documentation use
    command -v docker >/dev/null || grep -q '^VERSION_ID="12"' /etc/os-release || packages+=(docker-cli)
fi

missing=()
for package in "${packages[@]}"; do
    if ! dpkg-query -W -f '${db:Status-Status}\n' "$package" 2>/dev/null | grep -qx installed; then
        missing+=("$package")
    fi
done
if [ ${#missing[@]} = 0 ]; then
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "not root: going on without ${missing[*]}" >&2
    exit 0
fi

export DEBIAN_FRONTEND=noninteractive
# a machine that just booted may still hold apt's lock; mirrors fail now and then
apt=(apt-get -qq -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
log=$(mktemp)
trap 'rm -f "$log"' EXIT
for attempt in 1 2 3; do
    if "${apt[@]}" update >"$log" 2>&1 &&
        "${apt[@]}" install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null; then
        echo "installed ${missing[*]}"
        exit 0
    fi
    echo "apt-get failed (attempt $attempt of 3)" >&2
    sleep $((attempt * 10))
done
cat "$log" >&2
exit 4
