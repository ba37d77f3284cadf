// asyncTest runs a function that gives a promise and reports its end through $DONE.
function asyncTest(run) {
    var promise;
    try {
        promise = run();
    } catch (error) {
        $DONE(error);
        return;
    }
    promise.then(
        function () {
            $DONE();
        },
        function (error) {
            $DONE(error === undefined ? "rejected with undefined" : error);
        }
    );
}

assert.throwsAsync = async function (constructor, run, message) {
    try {
        await run();
    } catch (error) {
        if (error !== null && typeof error === "object" && error.constructor === constructor) return;
        throw new Test262Error(assert.prefix(message) + "expected a " + constructor.name + ", got " + assert.show(error));
    }
    throw new Test262Error(assert.prefix(message) + "expected a " + constructor.name + ", got no rejection");
};
