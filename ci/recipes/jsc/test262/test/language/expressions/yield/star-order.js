/*---
esid: sec-generator-function-definitions-runtime-semantics-evaluation
description: yield* forwards what is sent and gives the inner value
includes: [compareArray.js]
features: [generators]
---*/
var log = [];
function* inner() {
    log.push(yield 1);
    log.push(yield 2);
    return "inner";
}
function* outer() {
    log.push(yield* inner());
}
var it = outer();
it.next("lost");
it.next("a");
it.next("b");
assert.compareArray(log, ["a", "b", "inner"]);
