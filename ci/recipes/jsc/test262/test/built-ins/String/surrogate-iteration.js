/*---
esid: sec-string.prototype-@@iterator
description: Iteration joins pairs and leaves lone halves alone
includes: [compareArray.js]
---*/
assert.compareArray([..."a\u{1F600}\ud83db"], ["a", "\u{1F600}", "\ud83d", "b"]);
assert.sameValue("\u{1F600}".length, 2);
assert.sameValue("\u{1F600}".codePointAt(1), 0xDE00);
assert.throws(URIError, function () {
    encodeURIComponent("\ud83d");
});
