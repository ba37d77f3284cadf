/*---
esid: sec-promise-resolve-functions
description: Resolving with a promise takes two more turns
includes: [compareArray.js]
flags: [async]
features: [Promise]
---*/
var log = [];
var settled = Promise.resolve();
new Promise(function (resolve) {
    resolve(settled);
}).then(function () {
    log.push("adopted");
});
settled.then(function () {
    log.push("1");
}).then(function () {
    log.push("2");
}).then(function () {
    assert.compareArray(log, ["1", "2", "adopted"]);
}).then(function () { $DONE(); }, $DONE);
