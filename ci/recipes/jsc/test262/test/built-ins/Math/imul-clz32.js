/*---
esid: sec-math.imul
description: Products and leading zeros are those of 32-bit integers
---*/
assert.sameValue(Math.imul(0xFFFFFFFF, 5), -5);
assert.sameValue(Math.imul(65536, 65536), 0);
assert.sameValue(Math.imul(2147483647, 2147483647), 1);
assert.sameValue(Math.clz32(0), 32);
assert.sameValue(Math.clz32(-1), 0);
assert.sameValue(Math.clz32(0.5), 32);
