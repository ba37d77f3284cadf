/*---
esid: sec-module-namespace-exotic-objects
description: Imported bindings follow the exporting module
flags: [module]
---*/
import { counter, increase } from "./import-live_FIXTURE.js";
assert.sameValue(counter, 0);
increase();
increase();
assert.sameValue(counter, 2);
assert.throws(TypeError, function () {
    counter = 5;
});
