/*---
esid: sec-regexpbuiltinexec
description: Named groups are found in an object without prototype
includes: [compareArray.js]
features: [regexp-named-groups]
---*/
var match = /(?<year>\d{4})-(?<month>\d\d)/.exec("in 2038-01.");
assert.sameValue(match.groups.year, "2038");
assert.sameValue(Object.getPrototypeOf(match.groups), null);
assert.compareArray(Object.keys(match.groups), ["year", "month"]);
assert.sameValue("2038-01".replace(/(?<y>\d+)-(?<m>\d+)/, "$<m>/$<y>"), "01/2038");
