/*---
esid: sec-string-literals-static-semantics-early-errors
description: Strict code has no legacy octal numbers
flags: [onlyStrict]
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
var n = 010;
