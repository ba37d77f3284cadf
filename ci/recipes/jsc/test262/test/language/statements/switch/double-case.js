/*---
esid: sec-runtime-semantics-caseblockevaluation
description: Cases are compared by strict equality of doubles
---*/
function pick(x) {
    switch (x) {
    case 0.1 + 0.2: return "sum";
    case 2147483648: return "2^31";
    case NaN: return "never";
    case -0: return "zero";
    default: return "none";
    }
}
assert.sameValue(pick(0.30000000000000004), "sum");
assert.sameValue(pick(0.3), "none");
assert.sameValue(pick(2147483647 + 1), "2^31");
assert.sameValue(pick(NaN), "none");
assert.sameValue(pick(0), "zero");
