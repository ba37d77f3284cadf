/*---
esid: sec-strict-mode-code
description: Module code is strict, and its this is undefined
flags: [module]
---*/
assert.sameValue(this, undefined);
assert.sameValue((function () {
    return this;
})(), undefined);
assert.throws(ReferenceError, function () {
    undeclaredInModule = 1;
});
