/*---
esid: sec-let-and-const-declarations
description: A binding can't be used before its declaration has run
---*/
assert.throws(ReferenceError, function () {
    value;
    let value = 1;
});
assert.throws(ReferenceError, function () {
    typeof value;
    const value = 1;
});
{
    let value;
    assert.sameValue(value, undefined);
}
