/*---
esid: sec-assignment-operators-static-semantics-early-errors
description: An optional chain is no target of an assignment
features: [optional-chaining]
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
var o = {};
o?.a = 1;
