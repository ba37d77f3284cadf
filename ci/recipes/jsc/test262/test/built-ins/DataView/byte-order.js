/*---
esid: sec-setvalueinbuffer
description: Big-endian is the default whatever the machine is
includes: [compareArray.js]
features: [DataView]
---*/
var buffer = new ArrayBuffer(9);
var view = new DataView(buffer);
view.setUint32(1, 0x01020304);
assert.compareArray(new Uint8Array(buffer, 1, 4), [1, 2, 3, 4]);
view.setUint32(1, 0x01020304, true);
assert.compareArray(new Uint8Array(buffer, 1, 4), [4, 3, 2, 1]);
view.setFloat64(1, -2);
assert.compareArray(new Uint8Array(buffer, 1, 8), [0xC0, 0, 0, 0, 0, 0, 0, 0]);
assert.sameValue(view.getFloat64(1), -2);
assert.throws(RangeError, function () {
    view.getFloat64(2);
});
