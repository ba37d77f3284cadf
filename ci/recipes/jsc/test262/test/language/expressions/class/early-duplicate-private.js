/*---
esid: sec-class-definitions-static-semantics-early-errors
description: One class may not declare a private name twice
features: [class-fields-private]
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
class C {
    #x;
    #x;
}
