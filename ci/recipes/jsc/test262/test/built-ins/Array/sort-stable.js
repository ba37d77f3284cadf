/*---
esid: sec-sortindexedproperties
description: Elements that compare equal keep their order
includes: [compareArray.js]
---*/
var list = [];
for (var i = 0; i < 600; i++) list.push({ key: (i * 7919) % 5, i: i });
list.sort(function (a, b) {
    return a.key - b.key;
});
for (var k = 1; k < list.length; k++)
    assert(list[k - 1].key < list[k].key || (list[k - 1].key === list[k].key && list[k - 1].i < list[k].i), "at " + k);
assert.compareArray([3, undefined, 1].sort(), [1, 3, undefined]);
