/*---
esid: sec-runtime-semantics-arrayaccumulation
description: Spread asks the iterator, not the elements
includes: [compareArray.js]
---*/
var source = [1, 2];
source[Symbol.iterator] = function* () {
    yield "a";
    yield "b";
};
assert.compareArray([0, ...source, 3], [0, "a", "b", 3]);
assert.compareArray([...[, 1]], [undefined, 1], "holes are read");
