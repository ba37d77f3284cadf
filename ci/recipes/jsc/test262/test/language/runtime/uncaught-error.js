/*---
esid: sec-throw-statement
description: An error that nobody catches ends the script
negative:
  phase: runtime
  type: Test262Error
---*/
Test262Error.thrower("meant to be uncaught");
