// Assertions. Loaded first, as a sloppy script, before every test that is not raw.
function assert(condition, message) {
    if (condition === true) return;
    throw new Test262Error(message === undefined ? "expected true, got " + assert.show(condition) : message);
}

assert.show = function (value) {
    if (value === 0 && 1 / value < 0) return "-0";
    if (typeof value === "bigint") return value + "n";
    if (typeof value === "string") return JSON.stringify(value);
    if (typeof value === "function") return "function " + value.name;
    try {
        return String(value);
    } catch (error) {
        return Object.prototype.toString.call(value);
    }
};

assert.prefix = function (message) {
    return message === undefined ? "" : message + ": ";
};

assert.sameValue = function (actual, expected, message) {
    if (Object.is(actual, expected)) return;
    throw new Test262Error(assert.prefix(message) + "expected " + assert.show(expected) + ", got " + assert.show(actual));
};

assert.notSameValue = function (actual, unexpected, message) {
    if (!Object.is(actual, unexpected)) return;
    throw new Test262Error(assert.prefix(message) + "expected anything but " + assert.show(unexpected));
};

// The error has to be of exactly this constructor, not of one derived from it.
assert.throws = function (constructor, run, message) {
    var error;
    try {
        run();
    } catch (caught) {
        error = { caught: caught };
    }
    if (error === undefined) throw new Test262Error(assert.prefix(message) + "expected a " + constructor.name + ", got no exception");
    if (error.caught === null || typeof error.caught !== "object" || error.caught.constructor !== constructor)
        throw new Test262Error(assert.prefix(message) + "expected a " + constructor.name + ", got " + assert.show(error.caught));
};
