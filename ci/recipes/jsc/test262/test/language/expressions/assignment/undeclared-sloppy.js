/*---
esid: sec-putvalue
description: Assigning to an undeclared name makes a property of the global object in sloppy code
includes: [propertyHelper.js]
flags: [noStrict]
---*/
madeByAssignment = 7;
assert.sameValue(globalThis.madeByAssignment, 7);
verifyProperty(globalThis, "madeByAssignment", { value: 7, writable: true, enumerable: true, configurable: true });
