/*---
esid: sec-asyncblockstart
description: A throw in an async function rejects its promise
includes: [asyncHelpers.js]
flags: [async]
features: [async-functions]
---*/
asyncTest(async function () {
    async function fails() {
        throw new RangeError("from the body");
    }
    await assert.throwsAsync(RangeError, fails);
    await assert.throwsAsync(TypeError, async function () {
        null.property;
    });
});
