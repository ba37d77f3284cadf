/* Fails in the way that its first argument names. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

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

int main(int argc, char **argv) {
    const char *way = argc > 1 ? argv[1] : "fine";
    if (!strcmp(way, "abort"))
        give_up("asked to");
    if (!strcmp(way, "sum") && argc > 2)
        return sum(argv[2]);
    if (!strcmp(way, "random"))
        return by_chance();
    if (!strcmp(way, "leak")) {
        printf("the token is %s\n", getenv("DEPLOY_TOKEN"));
        return 1;
    }
    return 0;
}
