/*---
esid: sec-asyncgeneratorenqueue
description: Requests wait in a queue and are served in order
includes: [compareArray.js, asyncHelpers.js]
flags: [async]
features: [async-iteration]
---*/
asyncTest(async function () {
    async function* count() {
        yield 1;
        yield 2;
        return 3;
    }
    var it = count();
    var results = await Promise.all([it.next(), it.next(), it.next(), it.next()]);
    assert.compareArray(results.map(r => r.value), [1, 2, 3, undefined]);
    assert.compareArray(results.map(r => r.done), [false, false, true, true]);
});
