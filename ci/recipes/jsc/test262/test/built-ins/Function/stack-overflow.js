/*---
esid: sec-call
description: Endless recursion throws an error that can be caught
---*/
function down() {
    return down() + 1;
}
assert.throws(RangeError, down);
assert.throws(RangeError, down, "and again");
assert.sameValue([1, 2].map(function (x) { return x * 2; }).join(), "2,4", "afterwards all is well");
