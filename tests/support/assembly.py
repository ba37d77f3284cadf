"""Assembly that assemblers of 32 and of 64 bits make other line tables of."""

from __future__ import annotations

BRANCHES = {"arm": ".syntax unified\n.thumb\n1: bne 1b\n", "mips": "1: bne $4,$5,1b\n"}


def views(branch: str) -> str:
    """Assembly whose line table depends on the size of the assembler's pointers, as branches end pieces of it.

    See `wrongarch.images.native.assemblers`.
    """
    lines = (f".loc 1 {line} 1 view -0\n" + "nop\n" * (line % 7) + branch * (line % 5 == 0) for line in range(1, 3000))
    return '.file 1 "unit.c"\n.text\n' + "".join(lines)
