/*---
esid: sec-module-semantics-static-semantics-early-errors
description: A module exports each name once
flags: [module]
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
export const a = 1, b = 2;
export { b as a };
