/*---
esid: sec-import-calls
description: A dynamic import gives the namespace, the same one each time
includes: [asyncHelpers.js]
flags: [async, module]
features: [dynamic-import]
---*/
import * as ns from "./dynamic_FIXTURE.js";
asyncTest(async function () {
    const first = await import("./dynamic_FIXTURE.js");
    assert.sameValue(first, ns);
    assert.sameValue(first.default, 42);
    await assert.throwsAsync(SyntaxError, () => import("./broken_FIXTURE.js"));
    assert.sameValue((await import("./dynamic_FIXTURE.js")).count, 1, "evaluated once");
});
