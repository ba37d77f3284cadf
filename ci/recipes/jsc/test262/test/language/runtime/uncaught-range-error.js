/*---
esid: sec-array-len
description: The error of a built-in ends the script too
negative:
  phase: runtime
  type: RangeError
---*/
new Array(-1);
