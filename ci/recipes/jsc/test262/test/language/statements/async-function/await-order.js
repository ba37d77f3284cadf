/*---
esid: sec-async-functions-abstract-operations-async-function-start
description: Two async functions take turns at each await
includes: [compareArray.js, asyncHelpers.js]
flags: [async]
features: [async-functions]
---*/
asyncTest(async function () {
    var log = [];
    async function walk(name, n) {
        for (var i = 0; i < n; i++) {
            log.push(name + i);
            await null;
        }
    }
    var a = walk("a", 2), b = walk("b", 3);
    log.push("sync");
    await a;
    await b;
    assert.compareArray(log, ["a0", "b0", "sync", "a1", "b1", "b2"]);
});
