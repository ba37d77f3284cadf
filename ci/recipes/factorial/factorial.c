/* Factorials of any size, digit groups in base 10^9: 32-bit and 64-bit arithmetic with carries, memory, and decimal
   output, all of which an emulator has to get right. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#define BASE 1000000000u
#define LARGEST 20000ul

struct number {
    uint32_t *groups; /* least significant first */
    size_t length;
    size_t room;
};

static int append(struct number *number, uint32_t group) {
    if (number->length == number->room) {
        size_t room = number->room ? 2 * number->room : 16;
        uint32_t *groups = realloc(number->groups, room * sizeof *groups);
        if (!groups)
            return 0;
        number->groups = groups;
        number->room = room;
    }
    number->groups[number->length++] = group;
    return 1;
}

static int multiply(struct number *number, uint32_t factor) {
    uint64_t carry = 0;
    for (size_t i = 0; i < number->length; i++) {
        uint64_t product = (uint64_t)number->groups[i] * factor + carry;
        number->groups[i] = (uint32_t)(product % BASE);
        carry = product / BASE;
    }
    return carry == 0 || append(number, (uint32_t)carry);
}

static void print(const struct number *number) {
    size_t i = number->length - 1;
    printf("%lu", (unsigned long)number->groups[i]);
    while (i-- > 0)
        printf("%09lu", (unsigned long)number->groups[i]);
    putchar('\n');
}

int main(int argc, char **argv) {
    struct number result = {0};
    unsigned long n;
    char *end;

    errno = 0;
    if (argc != 2 || (n = strtoul(argv[1], &end, 10), end == argv[1] || *end || errno || argv[1][0] == '-' || n > LARGEST)) {
        fprintf(stderr, "usage: factorial N, with N from 0 to %lu\n", LARGEST);
        return 2;
    }
    if (!append(&result, 1))
        return 3;
    for (uint32_t factor = 2; factor <= n; factor++)
        if (!multiply(&result, factor))
            return 3;
    print(&result);
    free(result.groups);
    return 0;
}
