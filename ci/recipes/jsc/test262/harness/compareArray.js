// Lists compared element by element with SameValue; holes count as undefined.
function compareArray(a, b) {
    if (a.length !== b.length) return false;
    for (var i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
    return true;
}

assert.compareArray = function (actual, expected, message) {
    if (actual !== null && typeof actual === "object" && compareArray(actual, expected)) return;
    var show = function (list) {
        return list === null || typeof list !== "object" ? assert.show(list) : "[" + Array.prototype.map.call(list, assert.show).join(", ") + "]";
    };
    throw new Test262Error(assert.prefix(message) + "expected " + show(expected) + ", got " + show(actual));
};
