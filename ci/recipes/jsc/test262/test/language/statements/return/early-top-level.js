/*---
esid: sec-return-statement
description: return stands in functions only
flags: [raw]
negative:
  phase: parse
  type: SyntaxError
---*/
"nothing but this text is evaluated";
return;
