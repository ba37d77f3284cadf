// $DONE ends an asynchronous test: the host looks for one of these two lines on standard output.
function $DONE(error) {
    if (error === undefined) print("Test262:AsyncTestComplete");
    else if (error !== null && typeof error === "object" && "name" in error) print("Test262:AsyncTestFailure:" + error.name + ": " + error.message);
    else print("Test262:AsyncTestFailure:Test262Error: " + String(error));
}
