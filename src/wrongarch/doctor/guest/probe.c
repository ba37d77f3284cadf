/* What `wrongarch doctor ARCH` asks on ARCH: `probe NAME [ARGUMENT]`.

   Prints "ok", or in one line what went wrong; exits with 0 either way, so that another end is the emulator's doing.
   Compiled with the defaults of the arch on purpose: on 32-bit ones readdir has 32-bit inodes, as in most programs. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FAR_SECONDS 4102444800LL /* 2100-01-01 */

static int wrong(const char *what) {
    printf("%s: %s\n", what, strerror(errno));
    return 0;
}

static int ok(void) {
    puts("ok");
    return 0;
}

static int machine(void) {
    struct utsname name;
    if (uname(&name) != 0)
        return wrong("uname");
    puts(name.machine);
    return 0;
}

/* A setuid copy of this program, started by an ordinary user. */
static int set_user(void) {
    const char *copy = "/root/wrongarch-setuid";
    char buffer[65536];
    ssize_t count;
    int status, from = open("/proc/self/exe", O_RDONLY), to;
    if (from < 0 || access("/wrongarch/build/probe", R_OK) == 0) {
        close(from);
        from = open("/wrongarch/build/probe", O_RDONLY); /* /proc/self/exe may be the emulator */
    }
    chmod("/root", 0755);
    to = open(copy, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    if (from < 0 || to < 0)
        return wrong("copy");
    while ((count = read(from, buffer, sizeof buffer)) > 0)
        if (write(to, buffer, count) != count)
            return wrong("write");
    if (fchown(to, 0, 0) != 0 || fchmod(to, 04755) != 0)
        return wrong("chmod");
    close(to);
    fflush(stdout);
    if (fork() == 0) {
        if (setgid(1000) != 0 || setuid(1000) != 0) {
            wrong("no second user id");
            fflush(stdout);
            _exit(0);
        }
        execl(copy, copy, "effective", (char *)NULL);
        wrong("exec");
        fflush(stdout);
        _exit(0);
    }
    wait(&status);
    return 0;
}

static int list(const char *folder) {
    struct dirent *entry;
    int count = 0;
    DIR *open_folder = opendir(folder);
    if (open_folder == NULL)
        return wrong("opendir");
    errno = 0;
    while ((entry = readdir(open_folder)) != NULL)
        count++;
    if (errno != 0)
        return wrong("readdir");
    return count >= 2 ? ok() : wrong("readdir found nothing");
}

/* By system calls of its own kind: the C library of a 32-bit arch may have 32-bit times only. */
static int64_t now(void) {
#ifdef SYS_clock_gettime64
    int64_t spec[2] = {0, 0};
    if (syscall(SYS_clock_gettime64, CLOCK_REALTIME, spec) == 0)
        return spec[0];
    return -1;
#else
    return (int64_t)time(NULL);
#endif
}

static int after_2038(const char *folder) {
    char path[4096];
    int64_t spec[4] = {FAR_SECONDS, 0, FAR_SECONDS, 0};
    struct statx facts;
    long done;
    int file;
    snprintf(path, sizeof path, "%s/wrongarch-time", folder);
    file = open(path, O_WRONLY | O_CREAT, 0600);
    if (file < 0)
        return wrong("open");
#ifdef SYS_utimensat_time64
    done = syscall(SYS_utimensat_time64, AT_FDCWD, path, spec, 0);
#else
    done = syscall(SYS_utimensat, AT_FDCWD, path, spec, 0);
#endif
    if (done != 0)
        return wrong("utimensat");
    if (statx(AT_FDCWD, path, 0, STATX_MTIME, &facts) != 0)
        return wrong("statx");
    if (facts.stx_mtime.tv_sec != FAR_SECONDS) {
        printf("a file of the year 2100 got the time %lld\n", (long long)facts.stx_mtime.tv_sec);
        return 0;
    }
    return ok();
}

static int width(void) {
    printf("%d\n", (int)(8 * sizeof(time_t)));
    return 0;
}

static int sockets(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    struct addrinfo *found = NULL;
    char letter = 0;
    int listener, client, server, error;
    if ((listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) < 0)
        return wrong("socket");
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0)
        return wrong("listen");
    if (getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return wrong("getsockname");
    if ((client = socket(AF_INET, SOCK_STREAM, 0)) < 0)
        return wrong("second socket");
    if (connect(client, (struct sockaddr *)&address, sizeof address) != 0)
        return wrong("connect");
    if ((server = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) < 0)
        return wrong("accept");
    if (send(client, "x", 1, 0) != 1 || recv(server, &letter, 1, 0) != 1 || letter != 'x')
        return wrong("send and recv");
    if ((error = getaddrinfo("localhost", NULL, NULL, &found)) != 0) {
        printf("looking up localhost: %s\n", gai_strerror(error));
        return 0;
    }
    return ok();
}

static int reserve(void) {
    size_t size = sizeof(void *) == 4 ? (size_t)1 << 29 : (size_t)1 << 36;
    if (mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED)
        return wrong("mmap");
    return ok();
}

static int __attribute__((noinline)) deeper(long left) {
    volatile char frame[4096];
    frame[0] = (char)left;
    frame[4095] = (char)left;
    return left <= 0 ? frame[0] : deeper(left - 4096) + frame[4095];
}

static int stack(char **argv) {
    const long wanted = 24L << 20;
    struct rlimit limit = {(rlim_t)wanted + (8 << 20), (rlim_t)wanted + (8 << 20)};
    int status = 0;
    if (argv[2] != NULL) { /* started again, with the limit in force */
        deeper(wanted);
        return ok();
    }
    fflush(stdout);
    if (fork() == 0) {
        setrlimit(RLIMIT_STACK, &limit);
        execl("/wrongarch/build/probe", "probe", "stack", "again", (char *)NULL);
        _exit(1);
    }
    wait(&status);
    if (WIFSIGNALED(status))
        printf("a limit of %ld MiB is not kept: %s after less than %ld MiB\n", (long)(limit.rlim_cur >> 20),
               strsignal(WTERMSIG(status)), wanted >> 20);
    return 0;
}

static int trace(void) {
    int status = 0;
    pid_t child;
    fflush(stdout);
    if ((child = fork()) == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(errno);
        raise(SIGSTOP);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (WIFSTOPPED(status)) {
        ptrace(PTRACE_KILL, child, NULL, NULL);
        waitpid(child, &status, 0);
        return ok();
    }
    errno = WIFEXITED(status) ? WEXITSTATUS(status) : 0;
    return wrong("ptrace");
}

int main(int argc, char **argv) {
    const char *name = argc > 1 ? argv[1] : "";
    const char *folder = argc > 2 ? argv[2] : "/";
    if (strcmp(name, "starts") == 0)
        return usleep(200000), ok(); /* long enough to be looked at from outside */
    if (strcmp(name, "uname") == 0)
        return machine();
    if (strcmp(name, "setuid") == 0)
        return set_user();
    if (strcmp(name, "effective") == 0)
        return geteuid() == 0 ? ok() : (puts("not the owner"), 0);
    if (strcmp(name, "list") == 0)
        return list(folder);
    if (strcmp(name, "clock") == 0)
        return printf("%lld\n", (long long)now()), 0;
    if (strcmp(name, "far") == 0)
        return after_2038(folder);
    if (strcmp(name, "width") == 0)
        return width();
    if (strcmp(name, "sockets") == 0)
        return sockets();
    if (strcmp(name, "reserve") == 0)
        return reserve();
    if (strcmp(name, "stack") == 0)
        return stack(argv);
    if (strcmp(name, "ptrace") == 0)
        return trace();
    fputs("usage: probe NAME [ARGUMENT]\n", stderr);
    return 2;
}
