// about: a sum that leaves int32 on the way: the baseline JIT has to go on with doubles, in both halves of a register.
let sum = 0;
for (let i = 0; i < 100000; i++) sum += i;
if (sum !== 4999950000) throw new Error(`sum: expected 4999950000, got ${sum}`);
