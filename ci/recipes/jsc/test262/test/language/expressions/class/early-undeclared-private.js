/*---
esid: sec-static-semantics-allprivateidentifiersvalid
description: A private name has to be declared by a surrounding class
features: [class-fields-private]
negative:
  phase: parse
  type: SyntaxError
---*/
$DONOTEVALUATE();
class C {
    read(o) {
        return o.#missing;
    }
}
