/*---
esid: sec-exp-operator
description: A unary operator may not stand unparenthesised before **
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
-1 ** 2;
