/*---
esid: sec-optional-chains
description: Nothing after a failed link of an optional chain is evaluated
features: [optional-chaining]
---*/
var count = 0;
var missing = null;
assert.sameValue(missing?.a.b.c[count++].d(count++), undefined);
assert.sameValue(count, 0);
assert.sameValue({ a: 1 }?.a, 1);
assert.throws(TypeError, function () {
    (missing?.a).b;
}, "parentheses end the chain");
