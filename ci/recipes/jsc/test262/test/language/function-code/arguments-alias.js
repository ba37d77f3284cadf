/*---
esid: sec-createmappedargumentsobject
description: The arguments of a sloppy function are aliases of its parameters
flags: [noStrict]
---*/
function f(a, b) {
    arguments[0] = "changed";
    b = "assigned";
    return a + " " + arguments[1];
}
assert.sameValue(f(1, 2), "changed assigned");
