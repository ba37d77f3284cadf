/*---
esid: sec-html-like-comments
description: Modules know no HTML-like comments
flags: [module]
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
<!-- not a comment here
