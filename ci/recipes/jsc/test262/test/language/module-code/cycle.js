/*---
esid: sec-moduleevaluation
description: Modules that import each other share bindings that are filled in order
flags: [module]
---*/
import { fromOther, late } from "./cycle_FIXTURE.js";
export const own = "own";
export function hoisted() {
    return "hoisted";
}
assert.sameValue(fromOther, "hoisted");
assert.sameValue(late(), "own");
