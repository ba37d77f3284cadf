/*---
esid: sec-runtime-semantics-forin-div-ofbodyevaluation-lhs-stmt-iterator-lhskind-labelset
description: Leaving the loop by a throw closes the iterator, and the throw wins
---*/
var closed = 0;
var source = {};
source[Symbol.iterator] = function () {
    return {
        next: function () {
            return { value: 1, done: false };
        },
        return: function () {
            closed++;
            throw new TypeError("of the close");
        },
    };
};
assert.throws(Test262Error, function () {
    for (var x of source) Test262Error.thrower("of the body");
});
assert.sameValue(closed, 1);
