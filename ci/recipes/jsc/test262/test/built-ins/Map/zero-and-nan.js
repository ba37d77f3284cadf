/*---
esid: sec-map.prototype.set
description: -0 is the same key as 0, and all NaNs are one
features: [Map]
---*/
var map = new Map([[-0, "zero"], [NaN, "nan"]]);
assert.sameValue(map.get(0), "zero");
assert.sameValue(map.get(0 / 0), "nan");
assert.sameValue(Object.is(map.keys().next().value, 0), true);
assert.sameValue(map.set(0, "again").size, 2);
