/*---
esid: sec-block-static-semantics-early-errors
description: A name may be declared once in a block
features: [let]
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
{
    let twice;
    var twice;
}
