/*---
esid: sec-bigint.asintn
description: Wrapping at any number of bits
features: [BigInt]
---*/
assert.sameValue(BigInt.asIntN(64, 9223372036854775808n), -9223372036854775808n);
assert.sameValue(BigInt.asUintN(64, -1n), 18446744073709551615n);
assert.sameValue(BigInt.asIntN(1, 1n), -1n);
assert.sameValue(BigInt.asIntN(0, 5n), 0n);
assert.sameValue(BigInt.asUintN(33, -1n), 8589934591n);
