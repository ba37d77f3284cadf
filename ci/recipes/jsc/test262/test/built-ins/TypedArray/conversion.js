/*---
esid: sec-typedarraysetelement
description: Values are wrapped, clamped or rounded by the element type
includes: [testTypedArray.js]
features: [TypedArray]
---*/
testWithTypedArrayConstructors(function (Type) {
    var a = new Type(2);
    a[0] = 256.5;
    a[1] = -1;
    var last = { Int8Array: [0, -1], Uint8Array: [0, 255], Uint8ClampedArray: [255, 0], Int16Array: [256, -1], Uint16Array: [256, 65535], Int32Array: [256, -1], Uint32Array: [256, 4294967295], Float32Array: [256.5, -1], Float64Array: [256.5, -1] }[Type.name];
    assert.sameValue(a[0], last[0]);
    assert.sameValue(a[1], last[1]);
    a[2] = 1;
    assert.sameValue(a[2], undefined);
});
