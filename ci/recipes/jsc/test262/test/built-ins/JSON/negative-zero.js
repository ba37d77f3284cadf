/*---
esid: sec-json.parse
description: -0 is read as such and written as 0
---*/
assert.sameValue(JSON.parse("-0"), -0);
assert.sameValue(JSON.parse("[-0.0]")[0], -0);
assert.sameValue(JSON.stringify(-0), "0");
assert.sameValue(JSON.parse("9007199254740993"), 9007199254740992);
assert.throws(SyntaxError, function () {
    JSON.parse("01");
});
