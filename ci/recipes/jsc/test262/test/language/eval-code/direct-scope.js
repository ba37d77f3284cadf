/*---
esid: sec-performeval
description: Direct eval sees the local scope, indirect eval the global one
---*/
var place = "global";
function both() {
    var place = "local";
    return eval("place") + " " + (0, eval)("place");
}
globalThis.place = "global";
assert.sameValue(both(), "local global");
