/*---
esid: sec-addition-operator-plus
description: Sums of integers around 2^31 and 2^53 are exact doubles
---*/
assert.sameValue(2147483647 + 1, 2147483648);
assert.sameValue(-2147483648 - 1, -2147483649);
assert.sameValue(9007199254740991 + 1, 9007199254740992);
assert.sameValue(9007199254740992 + 1, 9007199254740992, "ties go to even");
for (var i = 0, sum = 0; i < 1000; i++) sum += 2147483647;
assert.sameValue(sum, 2147483647000);
