/*---
esid: sec-resolveexport
description: A name that two star exports give differently is ambiguous
flags: [module]
negative:
  phase: resolution
  type: SyntaxError
---*/
$DONOTEVALUATE();
import { both } from "./ambiguous_FIXTURE.js";
