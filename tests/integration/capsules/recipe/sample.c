/* Fails in the way that its first argument names. */
#include <dirent.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

__attribute__((noinline)) static void give_up(const char *why) {
    fprintf(stderr, "giving up at %p: %s\n", (void *)&why, why);
    abort();
}

static int sum(const char *path) {
    FILE *file = fopen(path, "r");
    long total = 0, number;
    if (!file)
        return perror(path), 2;
    while (fscanf(file, "%ld", &number) == 1)
        total += number;
    fclose(file);
    printf("sum %ld\n", total);
    return 0;
}

static int by_chance(void) {
    unsigned char byte;
    if (getrandom(&byte, 1, 0) != 1)
        return 2;
    if (byte < 77) /* 30 % */
        return puts("unlucky"), 1;
    return puts("lucky"), 0;
}

/* Nothing to protect: Linux says yes, QEMU 7.2 says ENOMEM to 32-bit programs. */
static int protect_nothing(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED)
        return 2;
    if (mprotect(page, 0, PROT_NONE) != 0)
        give_up("mprotect failed");
    return puts("protected"), 0;
}

/* What a stranger's program could want: the network, the host's files, its processes. */
static int spy(const char *file) {
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(9)};
    int descriptor = socket(AF_INET, SOCK_DGRAM, 0), processes = 0;
    struct dirent *entry;
    DIR *proc = opendir("/proc");
    there.sin_addr.s_addr = htonl(0x08080808);
    printf("network: %s\n", connect(descriptor, (struct sockaddr *)&there, sizeof there) ? "no" : "yes");
    printf("file: %s\n", access(file, F_OK) ? "no" : "yes");
    while (proc && (entry = readdir(proc)))
        processes += entry->d_name[0] >= '0' && entry->d_name[0] <= '9';
    printf("processes: %s\n", processes < 30 ? "few" : "many");
    return 1;
}

int main(int argc, char **argv) {
    const char *way = argc > 1 ? argv[1] : "fine";
    if (!strcmp(way, "abort"))
        give_up("asked to");
    if (!strcmp(way, "sum") && argc > 2)
        return sum(argv[2]);
    if (!strcmp(way, "random"))
        return by_chance();
    if (!strcmp(way, "protect"))
        return protect_nothing();
    if (!strcmp(way, "spy") && argc > 2)
        return spy(argv[2]);
    if (!strcmp(way, "hang"))
        return sleep(600), 0;
    if (!strcmp(way, "leak")) {
        printf("the token is %s\n", getenv("DEPLOY_TOKEN"));
        return 1;
    }
    return 0;
}
