/*---
esid: sec-relational-operators-runtime-semantics-evaluation
description: #name in object asks for the brand of a class without throwing
features: [class-fields-private-in]
---*/
class A {
    #x = 1;
    static has(o) {
        return #x in o;
    }
}
class B {
    #x = 1;
}
assert.sameValue(A.has(new A()), true);
assert.sameValue(A.has(new B()), false);
assert.sameValue(A.has({}), false);
assert.throws(TypeError, function () {
    A.has(1);
});
