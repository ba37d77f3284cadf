/*---
esid: sec-try-statement-runtime-semantics-evaluation
description: A return in finally replaces the value and the throw
---*/
function value() {
    try {
        return 1;
    } finally {
        return 2;
    }
}
function error() {
    try {
        throw new Test262Error("lost");
    } finally {
        return "kept";
    }
}
assert.sameValue(value(), 2);
assert.sameValue(error(), "kept");
