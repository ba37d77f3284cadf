// about: int32 additions that leave the int32 range must become doubles; compiled code relies on the overflow flag, which
// every instruction set spells differently (and MIPS and RISC-V do not have).
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function add(a, b) { return a + b; }
function addOne(a) { return a + 1; }
const edges = [
    [2147483647, 1, 2147483648], [2147483647, 2147483647, 4294967294], [-2147483648, -1, -2147483649],
    [-2147483648, -2147483648, -4294967296], [1073741824, 1073741824, 2147483648], [1073741823, 1073741824, 2147483647],
    [-1073741825, -1073741824, -2147483649], [2147483647, -2147483648, -1], [0, -2147483648, -2147483648],
];
for (let round = 0; round < 4; round++) {
    // Warm up inside the range, then cross it: the tier that is reached by then has to leave its int32 path.
    let sum = 0;
    for (let i = 0; i < 3000; i++) sum = add(sum, i & 7);
    same(sum, 10500, "warm sum");
    for (const [a, b, want] of edges) {
        same(add(a, b), want, `${a} + ${b}`);
        same(add(b, a), want, `${b} + ${a}`);
    }
}
let up = 2147483647 - 5000;
for (let i = 0; i < 10000; i++) up = addOne(up);
same(up, 2147488647, "counting up through 2^31");
let total = 0;
for (let i = 0; i < 20000; i++) total += 1000003;
same(total, 20000060000, "sum across 2^31 and 2^32");
let mixed = 0;
for (let i = 0; i < 20000; i++) mixed = (mixed + 2147483647) | 0;
same(mixed, -20000, "wrapping sum");
let alternate = 2147483600;
for (let i = 0; i < 10000; i++) alternate += (i & 1) ? -100 : 100;
same(alternate, 2147483600, "to and fro over the edge");
const objects = [{ n: 2147483646 }, { n: 2147483647 }, { n: -2147483648 }];
for (let i = 0; i < 3000; i++) for (const o of objects) o.n = o.n + 1;
same(objects.map(o => o.n).join(), "2147486646,2147486647,-2147480648", "properties cross the edge");
for (const big of [2147483647, 4294967295, -2147483648]) {
    let x = big;
    x++;
    same(x, big + 1, `${big}++`);
    x += -2;
    same(x, big - 1, `${big} - 1`);
}
