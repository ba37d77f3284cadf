/*---
esid: sec-moduleevaluation
description: An error thrown by an imported module ends its importers
flags: [module]
negative:
  phase: runtime
  type: RangeError
---*/
import "./runtime-throw_FIXTURE.js";
throw new TypeError("the importer must not run");
