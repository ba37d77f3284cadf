/*---
esid: sec-directive-prologues-and-the-use-strict-directive
description: A directive before everything else makes a raw script strict
flags: [raw]
---*/
"use strict";
(function () {
    if (this !== undefined) throw new Error("expected undefined, got " + typeof this);
})();
