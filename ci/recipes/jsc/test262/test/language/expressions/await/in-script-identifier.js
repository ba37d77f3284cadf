/*---
esid: prod-IdentifierReference
description: await is an ordinary name in scripts
flags: [noStrict]
---*/
var await = 5;
assert.sameValue(await + 1, 6);
