/*---
esid: sec-with-statement-runtime-semantics-evaluation
description: Properties of the object hide variables, but for those it lists as unscopable
flags: [noStrict]
---*/
var hidden = "variable", seen = "variable";
var scope = { hidden: "property", seen: "property" };
scope[Symbol.unscopables] = { hidden: true };
with (scope) {
    assert.sameValue(hidden, "variable");
    assert.sameValue(seen, "property");
}
