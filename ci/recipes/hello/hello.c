/* The smallest program that shows where it runs: a greeting, or (--machine) the word size and the byte order that the
   compiler and the running machine agree on. */
#include <stdio.h>
#include <string.h>

static const char *byte_order(void) {
    const unsigned int number = 1;
    unsigned char first;
    memcpy(&first, &number, 1);
    return first == 1 ? "little" : "big";
}

int main(int argc, char **argv) {
    if (argc == 1) {
        puts("Hello, world!");
        return 0;
    }
    if (argc == 2 && strcmp(argv[1], "--machine") == 0) {
        printf("%d-bit %s-endian\n", (int)(8 * sizeof(void *)), byte_order());
        return 0;
    }
    fputs("usage: hello [--machine]\n", stderr);
    return 2;
}
