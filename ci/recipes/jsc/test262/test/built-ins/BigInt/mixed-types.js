/*---
esid: sec-applystringornumericbinaryoperator
description: BigInts and numbers do not mix in arithmetic, but compare
features: [BigInt]
---*/
assert.throws(TypeError, function () {
    1n + 1;
});
assert.throws(RangeError, function () {
    1n / 0n;
});
assert.throws(TypeError, function () {
    1n >>> 0n;
});
assert(9007199254740993n > 9007199254740992);
assert(1n == 1);
