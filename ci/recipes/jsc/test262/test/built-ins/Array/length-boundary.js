/*---
esid: sec-arraysetlength
description: A length is an integer below 2^32, or a RangeError
---*/
var a = [];
a[4294967294] = 1;
assert.sameValue(a.length, 4294967295);
a[4294967295] = 2;
assert.sameValue(a.length, 4294967295, "2^32 - 1 is no index");
[-1, 4294967296, 1.5, NaN].forEach(function (bad) {
    assert.throws(RangeError, function () {
        a.length = bad;
    }, String(bad));
});
