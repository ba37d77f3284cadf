/*---
esid: sec-createunmappedargumentsobject
description: The arguments of a strict function are copies
flags: [onlyStrict]
---*/
function f(a) {
    arguments[0] = "changed";
    return a;
}
assert.sameValue(f(1), 1);
assert.throws(TypeError, function () {
    arguments.callee;
});
