/*---
esid: sec-properties-of-the-array-prototype-object
description: Methods of arrays are writable, not enumerable, configurable
includes: [propertyHelper.js]
---*/
["map", "push", "splice", "includes", "flat"].forEach(function (name) {
    verifyProperty(Array.prototype, name, { writable: true, enumerable: false, configurable: true }, { restore: true });
    verifyProperty(Array.prototype[name], "name", { value: name, writable: false, enumerable: false, configurable: true });
});
verifyProperty([], "length", { value: 0, enumerable: false, configurable: false });
verifyProperty({}, "missing", undefined);
