/*---
esid: sec-numeric-types-number-multiply
description: A zero product takes the sign of its operands
---*/
assert.sameValue(0 * -1, -0);
assert.sameValue(-1 * 0, -0);
assert.sameValue(-0 * -0, 0);
assert.sameValue(1e-200 * -1e-200, -0, "underflow");
assert.notSameValue(0 * 1, -0);
