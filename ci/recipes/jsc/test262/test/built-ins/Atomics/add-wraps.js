/*---
esid: sec-atomics.add
description: Atomic sums wrap at the width of the element
features: [Atomics, SharedArrayBuffer]
---*/
var bytes = new Uint8Array(new SharedArrayBuffer(4)), ints = new Int32Array(new SharedArrayBuffer(8));
bytes[1] = 250;
assert.sameValue(Atomics.add(bytes, 1, 10), 250);
assert.sameValue(bytes[1], 4);
assert.sameValue(bytes[0] + bytes[2], 0, "neighbours are untouched");
ints[1] = 2147483647;
Atomics.add(ints, 1, 1);
assert.sameValue(ints[1], -2147483648);
assert.throws(RangeError, function () {
    Atomics.add(ints, 2, 1);
});
