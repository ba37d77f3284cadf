/*---
esid: sec-module-namespace-exotic-objects
description: A namespace object is sorted, sealed against writing and has no prototype
includes: [compareArray.js]
flags: [module]
---*/
import * as ns from "./namespace_FIXTURE.js";
import def, { renamed as other } from "./namespace_FIXTURE.js";
assert.compareArray(Object.keys(ns), ["a", "default", "renamed", "z"]);
assert.sameValue(ns.a, 2147483648);
assert.sameValue(ns.default, def);
assert.sameValue(def(), "default");
assert.sameValue(other, ns.renamed);
assert.sameValue(Object.getPrototypeOf(ns), null);
assert.sameValue(ns[Symbol.toStringTag], "Module");
assert.throws(TypeError, function () {
    ns.a = 1;
});
assert.sameValue(Reflect.deleteProperty(ns, "a"), false);
assert.sameValue(Reflect.deleteProperty(ns, "missing"), true);
