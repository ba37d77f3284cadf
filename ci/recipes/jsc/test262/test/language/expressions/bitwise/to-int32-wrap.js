/*---
esid: sec-toint32
description: Bitwise operators take their operands modulo 2^32
---*/
assert.sameValue(4294967296 | 0, 0);
assert.sameValue(2147483648 | 0, -2147483648);
assert.sameValue(-2147483649 | 0, 2147483647);
assert.sameValue(-1 >>> 0, 4294967295);
assert.sameValue(1 << 32, 1);
assert.sameValue(NaN | 0, 0);
assert.sameValue(9007199254740991 | 0, -1);
