/*---
esid: sec-patterns-static-semantics-early-errors
description: A literal's pattern is checked when the script is parsed
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
/(?<a>x)(/;
