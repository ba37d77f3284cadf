/*---
esid: sec-putvalue
description: Assigning to an undeclared name throws in strict code
flags: [onlyStrict]
---*/
assert.throws(ReferenceError, function () {
    neverDeclared = 1;
});
assert.sameValue(typeof neverDeclared, "undefined");
