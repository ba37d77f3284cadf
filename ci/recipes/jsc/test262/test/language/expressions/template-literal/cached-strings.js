/*---
esid: sec-gettemplateobject
description: One site of a tagged template gives the same frozen strings each time
includes: [compareArray.js]
---*/
function tag(strings) {
    return strings;
}
function site() {
    return tag`a${1}\u{41}`;
}
assert.sameValue(site(), site());
assert.notSameValue(site(), tag`a${1}\u{41}`);
assert.compareArray(site(), ["a", "A"]);
assert.compareArray(site().raw, ["a", "\\u{41}"]);
assert(Object.isFrozen(site()) && Object.isFrozen(site().raw));
