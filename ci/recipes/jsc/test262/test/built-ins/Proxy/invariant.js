/*---
esid: sec-proxy-object-internal-methods-and-internal-slots-get-p-receiver
description: A trap may not lie about a fixed property
features: [Proxy]
---*/
var target = Object.defineProperty({}, "fixed", { value: 1 });
assert.throws(TypeError, function () {
    new Proxy(target, { get: function () { return 2; } }).fixed;
});
assert.sameValue(new Proxy(target, { get: function () { return 1; } }).fixed, 1);
