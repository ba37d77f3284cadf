/*---
esid: sec-moduledeclarationinstantiation
description: Importing what is not exported fails before anything runs
flags: [module]
negative:
  phase: resolution
  type: SyntaxError
---*/
$DONOTEVALUATE();
import { missing } from "./import-live_FIXTURE.js";
