
# ---- the same in every capsule from here on ----

usage() {
    cat <<END
usage: ./replay [N] [--list] [--all] [--plain] [--native] [--qemu FILE] [--strace]

Runs the test of this capsule again and says whether it fails as it was recorded. N is the number of a test, where the
capsule has several; --list names them, --all runs each. Needs no root, no Python, no network, nothing installed.

  --plain      do without namespaces: only the program itself is emulated, not what it starts
  --native     let this machine run the program itself
  --qemu FILE  another emulator than the one inside ($emulator_words)
  --strace     log the program's system calls (only under the emulator)

Exit code: 0 it came out as recorded, 1 it did not, 2 wrong use, 3 this machine can't.
This runs a program of whoever made the capsule, as you. For a stranger's capsule use: wrongarch repro FILE
END
}

say() { printf '%s\n' "replay: $*" >&2; }
fail() { code=$1; shift; say "$@"; exit "$code"; }
tool() { command -v "$1" 2>/dev/null; }
is_one_of() { word=$1; shift; for one in "$@"; do [ "$one" = "$word" ] && return 0; done; return 1; }

# -- process 1 of namespaces of our own: make the root, register the emulator, run; 125 where that is not possible --

no_room() { printf '%s\n' "$*" >"$state/why"; exit 125; }

bind_device() {
    [ -e "/dev/$1" ] || return 0
    : >"$room/root/dev/$1" && mount --bind "/dev/$1" "$room/root/dev/$1"
}

bind_read_only() {
    mount --bind "$room/root$1" "$room/root$1" 2>/dev/null &&
        mount -o remount,bind,ro "$room/root$1" 2>/dev/null || :
}

lay_over() {
    mount -t overlay -o "userxattr,lowerdir=$room/lower,upperdir=$room/upper,workdir=$room/work" overlay "$room/root"
}

inside() {
    room=$state/room
    mount -t tmpfs -o mode=0755 tmpfs "$room" 2>/dev/null || no_room "a tmpfs cannot be mounted"
    mkdir "$room/lower" "$room/upper" "$room/work" "$room/root" "$room/binfmt"
    mount --bind "$here/root" "$room/lower" || no_room "the capsule cannot be mounted"
    if ! { lay_over && mkdir -p "$room/root/run/wrongarch" "$room/root/proc"; } 2>/dev/null; then
        umount "$room/root" 2>/dev/null # files of somebody else, or of a file system that takes no layer
        cp -RP "$here/root/." "$room/root" || no_room "no room for a copy of the root"
    fi
    for folder in proc dev sys tmp run/wrongarch; do mkdir -p "$room/root/$folder" || no_room "$folder"; done
    mount -t proc proc "$room/root/proc" 2>/dev/null || no_room "a /proc of our own is not allowed"
    mount -t sysfs -o ro sysfs "$room/root/sys" 2>/dev/null || :
    mount -t tmpfs -o mode=0755 tmpfs "$room/root/dev" || no_room "a tmpfs cannot be mounted"
    for device in null zero full random urandom tty; do bind_device "$device"; done
    mkdir -p "$room/root/dev/shm" "$room/root/dev/pts"
    chmod 1777 "$room/root/dev/shm"
    ln -s /proc/self/fd "$room/root/dev/fd"
    ln -s fd/0 "$room/root/dev/stdin"
    ln -s fd/1 "$room/root/dev/stdout"
    ln -s fd/2 "$room/root/dev/stderr"
    [ -z "$qemu" ] || register
    read_only bind_read_only
    { ip link set lo up || ifconfig lo up; } >/dev/null 2>&1 || :
    hostname "wrongarch-$arch" 2>/dev/null || :
    launch "$nsenter" "-r$room/root" "-w$room/root$cwd" "$program"
}

register() {
    mount -t binfmt_misc binfmt_misc "$room/binfmt" 2>/dev/null ||
        no_room "this kernel ($(uname -r)) has no binfmt_misc for user namespaces: that takes Linux 6.7"
    for entry in "$room/binfmt"/*; do
        case ${entry##*/} in register | status) ;; *) no_room "binfmt_misc is not private here" ;; esac
    done
    interpreter=$room/root/run/wrongarch/qemu-$target
    [ ${#interpreter} -le 127 ] || no_room "the path $interpreter is too long for binfmt_misc; set TMPDIR=/tmp"
    : >"$interpreter"
    mount --bind "$qemu" "$interpreter" || no_room "the emulator cannot be mounted"
    printf '%s' "$record_start$interpreter$record_end" >"$room/binfmt/register" 2>/dev/null ||
        no_room "the kernel does not take the registration"
}

# -- running: `launch WORDS...` runs WORDS with the arguments of the test, in its environment, within its time --

launch() {
    [ -z "$timeout" ] || set -- "$timeout" -s KILL "$seconds" "$@"
    set -- "env_$number" "$@"
    [ -z "$outside" ] || set -- hosted $# "$@"
    ulimit -c 0 2>/dev/null || :
    { "args_$number" "$@"; } 2>/dev/null # what this shell says of a signal is no output of the test
    printf '%s\n' "$?" >"$state/status"
}

# N WORDS ARGUMENTS: runs them, with arguments that name something in the root led there. The emulator does so for most
# of what a program opens, but not for all.
hosted() {
    keep=$1
    shift
    left=$#
    while [ "$left" -gt 0 ]; do
        word=$1
        shift
        if [ "$keep" -gt 0 ]; then
            keep=$((keep - 1))
        else
            case $word in
            /*) [ ! -e "$here/root$word" ] || word=$here/root$word ;;
            *=/*) [ ! -e "$here/root/${word#*=/}" ] || word=${word%%=/*}=$here/root/${word#*=/} ;;
            esac
        fi
        set -- "$@" "$word"
        left=$((left - 1))
    done
    "$@"
}

joined() { /bin/sh -c 'exec "$@" 2>&1 </dev/null' sh "$@"; }

private() {
    [ -z "$plain" ] || { why="asked for"; return 1; }
    [ -n "$unshare" ] && [ -n "$nsenter" ] || { why="unshare or nsenter is missing here"; return 1; }
    if ! "$unshare" -r -m -p -f -i -u -n true 2>/dev/null; then
        why="user namespaces are not allowed here"
        return 1
    fi
    state=$state here=$here qemu=$qemu number=$number extra=$extra timeout=$timeout nsenter=$nsenter \
        "$unshare" -r -m -p -f -i -u -n /bin/sh "$here/replay" --inside 2>"$state/trouble" | tee "$state/output"
    [ -s "$state/status" ] && return 0
    why=$(cat "$state/why" 2>/dev/null || cat "$state/trouble")
    return 1
}

without() {
    outside=yes
    case $(head -c 2 "$here/root$file") in
    '#!') fail 3 "$why, and without namespaces a script ($file) cannot be run" ;;
    esac
    cd "$here/root$cwd" || exit 3
    if [ -n "$qemu" ]; then
        launch "$qemu" -L "$here/root" -0 "$program" "$here/root$file" | tee "$state/output"
    elif [ -n "$loader" ]; then
        launch "$here/root$loader" --library-path "$(libraries)" "$here/root$file" | tee "$state/output"
    else
        launch "$here/root$file" | tee "$state/output"
    fi
}

libraries() {
    for folder in lib/"$multiarch" usr/lib/"$multiarch" lib64 usr/lib64 lib usr/lib; do
        printf '%s:' "$here/root/$folder"
    done
}

# -- which emulator, if any --

choose_emulator() {
    machine=$(uname -m)
    if [ -n "$native" ] || [ -z "$target" ]; then
        qemu=
        [ -n "$native" ] || is_one_of "$machine" $machines ||
            fail 3 "this program is for $arch and was run without an emulator; this machine is a $machine.
fix: take it to a machine of $arch, or replay it with: wrongarch repro FILE --emulator VERSION"
    elif [ -n "$asked" ]; then
        qemu=$asked
    elif is_one_of "$machine" $host_machines; then
        qemu=$here/emulator/qemu-$target
    elif is_one_of "$machine" $machines; then
        say "this machine is of $arch itself: no emulator is used"
        qemu=
    else
        for name in "qemu-$target-static" "qemu-$target"; do
            [ -n "$qemu" ] || qemu=$(tool "$name") || :
        done
        [ -n "$qemu" ] || fail 3 "the emulator inside is for $host_arch machines, and this one is a $machine.
fix: install QEMU's user mode (Debian: apt install qemu-user-static), or give one: ./replay --qemu FILE,
     or use wrongarch, which has one for each: wrongarch repro FILE"
        say "the emulator inside is for $host_arch machines: using $qemu, which may be another version"
    fi
    [ -z "$qemu" ] || [ -x "$qemu" ] || fail 3 "$qemu is no program that can be run here"
}

# -- judging --

judge() {
    got=$(cat "$state/status")
    case $status in
    timeout)
        case $got in 124 | 137 | 143) same=yes ;; *) same= ;; esac ;;
    any) same=yes ;;
    *) if [ "$got" = "$status" ]; then same=yes; else same=; fi ;;
    esac
    escaped=$(printf '%s' "$here/root" | LC_ALL=C sed 's/[^A-Za-z0-9_/-]/[&]/g')
    LC_ALL=C sed -E "s#$escaped##g
$normalise" "$state/output" >"$state/normal"
    if cmp -s "$state/normal" "$here/$output"; then words="the output, too"; else words="the output differs (recorded: $output)"; fi
    if [ "$got" -gt 128 ] 2>/dev/null; then seen="exit $got: signal $((got - 128))"; else seen="exit $got"; fi
    if [ -n "$same" ] && [ -n "$strict" ] && [ "$words" != "the output, too" ]; then same=; fi
    if [ -n "$same" ]; then
        [ "$seen" = "$recorded" ] || recorded="$recorded ($seen)"
        say "as recorded: $recorded; $words"
        return 0
    fi
    say "NOT as recorded: $seen; recorded was $recorded; $words"
    return 1
}

one() {
    number=$1
    "load_$number"
    state=$(mktemp -d "${TMPDIR:-/tmp}/replay.XXXXXX") || exit 3
    trap 'rm -rf "$state"' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkdir "$state/room"
    say "$id"
    if ! private; then
        say "without namespaces ($why): only the program itself is emulated"
        without
    fi
    [ -s "$state/status" ] || fail 3 "it could not be run: $(cat "$state/trouble" 2>/dev/null)"
    judge
}

main() {
    plain='' native='' outside='' asked='' extra='' all='' chosen=1 qemu=''
    here=$(cd "$(dirname "$0")" && pwd -P) || exit 3
    unshare=$(tool unshare) nsenter=$(tool nsenter) timeout=$(tool timeout) env=$(tool env)
    while [ $# -gt 0 ]; do
        case $1 in
        -h | --help) usage; exit 0 ;;
        --list) for n in $tests; do "load_$n"; printf '%s  %s (%s)\n' "$n" "$id" "$recorded"; done; exit 0 ;;
        --all) all=yes ;;
        --plain) plain=yes ;;
        --native) native=yes ;;
        --strace) extra=QEMU_STRACE=1 ;;
        --qemu)
            [ $# -gt 1 ] || fail 2 "--qemu needs the path of an emulator"
            asked=$(cd "$(dirname "$2")" && pwd -P)/$(basename "$2")
            shift ;;
        *)
            is_one_of "$1" $tests || fail 2 "there is no test or option '$1' (see ./replay --help)"
            chosen=$1 ;;
        esac
        shift
    done
    choose_emulator
    [ -z "$all" ] || { all_of_them; exit $?; }
    one "$chosen"
}

all_of_them() {
    bad=0
    for n in $tests; do (one "$n") || bad=1; done
    return $bad
}

if [ "${1-}" = --inside ]; then
    outside=''
    "load_$number"
    env=$(tool env)
    inside
    exit 0
fi
main "$@"
