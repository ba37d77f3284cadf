// The error that failed assertions throw, the guard of tests that must not run, and the host object.
function Test262Error(message) {
    this.message = message === undefined ? "" : message;
}
Test262Error.prototype = Object.create(Error.prototype, {
    constructor: { value: Test262Error, writable: true, configurable: true },
    name: { value: "Test262Error", writable: true, configurable: true },
});
Test262Error.thrower = function (message) {
    throw new Test262Error(message);
};

// Called at the start of tests that are negative in the parse or resolution phase: they must fail before anything runs.
function $DONOTEVALUATE() {
    throw "The test was evaluated, although it should have been refused.";
}

// jsc's shell calls its host object `$`; other hosts may bring `$262` with them.
if (typeof $262 === "undefined") {
    var $262 = typeof $ === "object" && $ !== null ? $ : {};
    if (typeof $262.global === "undefined") $262.global = globalThis;
    if (typeof $262.gc === "undefined" && typeof gc === "function") $262.gc = gc;
    if (typeof $262.detachArrayBuffer === "undefined" && typeof transferArrayBuffer === "function") $262.detachArrayBuffer = transferArrayBuffer;
}
