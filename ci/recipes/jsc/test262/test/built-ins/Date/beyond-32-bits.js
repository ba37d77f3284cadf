/*---
esid: sec-time-values-and-time-range
description: Times reach from the year -271821 to 275760
---*/
assert.sameValue(new Date(2147483648000).toISOString(), "2038-01-19T03:14:08.000Z");
assert.sameValue(new Date(-2147483649000).toISOString(), "1901-12-13T20:45:51.000Z");
assert.sameValue(new Date(8640000000000000).toISOString(), "+275760-09-13T00:00:00.000Z");
assert.sameValue(new Date(8640000000000001).getTime(), NaN);
assert.throws(RangeError, function () {
    new Date(NaN).toISOString();
});
