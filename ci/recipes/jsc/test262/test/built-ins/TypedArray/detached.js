/*---
esid: sec-isvalidintegerindex
description: Nothing is left of a typed array whose buffer is detached
includes: [testTypedArray.js, detachArrayBuffer.js]
features: [TypedArray]
---*/
testWithTypedArrayConstructors(function (Type) {
    var a = new Type(4);
    a[1] = 1;
    $DETACHBUFFER(a.buffer);
    assert.sameValue(a[1], undefined);
    assert.sameValue(a.length, 0);
    assert.sameValue(1 in a, false);
    assert.throws(TypeError, function () {
        a.fill(0);
    });
    assert.throws(TypeError, function () {
        TypedArray.prototype.indexOf.call(a, 1);
    });
});
