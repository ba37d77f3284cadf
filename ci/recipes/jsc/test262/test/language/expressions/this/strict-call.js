/*---
esid: sec-ordinarycallbindthis
description: A strict function sees its receiver unchanged
flags: [onlyStrict]
---*/
function receiver() {
    return this;
}
assert.sameValue(receiver(), undefined);
assert.sameValue(receiver.call(5), 5);
assert.sameValue(receiver.call(null), null);
