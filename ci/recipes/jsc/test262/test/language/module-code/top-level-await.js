/*---
esid: sec-async-module-execution-fulfilled
description: A module may await at its top, and its importers wait
flags: [module, async]
features: [top-level-await]
---*/
import { value } from "./top-level-await_FIXTURE.js";
try {
    assert.sameValue(value, "awaited");
    assert.sameValue(await Promise.resolve(4294967296), 4294967296);
    $DONE();
} catch (error) {
    $DONE(error);
}
