/*---
esid: sec-math.trunc
description: Truncation keeps the sign of zero and leaves large values alone
---*/
assert.sameValue(Math.trunc(-0.9), -0);
assert.sameValue(Math.trunc(2147483648.7), 2147483648);
assert.sameValue(Math.trunc(-9007199254740993), -9007199254740992);
assert.sameValue(Math.trunc(4503599627370495.5), 4503599627370495);
assert.sameValue(Math.trunc(NaN), NaN);
assert.sameValue(Math.trunc(-Infinity), -Infinity);
