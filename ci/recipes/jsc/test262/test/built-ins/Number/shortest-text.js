/*---
esid: sec-numeric-types-number-tostring
description: The text of a number is the shortest that reads back
---*/
[[5e-324, "5e-324"], [1.7976931348623157e308, "1.7976931348623157e+308"], [123456789012345680000, "123456789012345680000"], [1e21, "1e+21"], [1e-7, "1e-7"], [0.1 + 0.2, "0.30000000000000004"]].forEach(function (pair) {
    assert.sameValue(String(pair[0]), pair[1]);
    assert.sameValue(Number(pair[1]), pair[0]);
});
