/*---
esid: sec-with-statement-static-semantics-early-errors
description: Strict code has no with statement
flags: [onlyStrict]
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
with ({}) {
}
