/*---
esid: sec-ordinarycallbindthis
description: A sloppy function called without a receiver sees the global object
flags: [noStrict]
---*/
function receiver() {
    return this;
}
assert.sameValue(receiver(), globalThis);
assert.sameValue(typeof receiver.call(5), "object", "primitives are boxed");
