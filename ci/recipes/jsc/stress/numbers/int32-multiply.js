// about: products of int32 values: overflow to double, -0 from 0 * negative, and rounding past 2^53. 32-bit machines test
// the high word, 64-bit ones the flag or a widened product.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function mul(a, b) { return a * b; }
for (let i = 1; i < 4000; i++) same(mul(i, 3), i + i + i, "warm");
const table = [
    [46340, 46340, 2147395600], [46341, 46341, 2147488281], [-46341, 46341, -2147488281], [65536, 65536, 4294967296],
    [65536, 32768, 2147483648], [-65536, 32768, -2147483648], [65535, 65537, 4294967295], [2147483647, 2147483647, 4611686014132420609],
    [-2147483648, -2147483648, 4611686018427387904], [-2147483648, -1, 2147483648], [-2147483648, 2147483647, -4611686016279904256],
    [2147483647, 4194305, 9007201398030336], [2147483629, 2147483587, 4611685846628697088], [94906267, 94906267, 9007199515875288],
    [94906265, 94906267, 9007199326062755], [0, 5, 0], [0, -5, -0], [-5, 0, -0], [0, -2147483648, -0], [0, 0, 0], [-0, -7, 0],
    [123456789, 987654321, 121932631112635264], [1, -1, -1],
];
for (let round = 0; round < 100; round++) {
    for (const [a, b, want] of table) {
        same(mul(a, b), want, `${a} * ${b}`);
        same(mul(b, a), want, `${b} * ${a}`);
    }
}
// n * n against the sum of the first n odd numbers, which stays exact
let odd = 0;
for (let i = 0; i < 50000; i += 1) {
    if (mul(i, i) !== odd) throw new Error(`${i} squared: expected ${odd}, got ${mul(i, i)}`);
    odd += 2 * i + 1;
}
let factorial = 1;
for (let i = 1; i <= 22; i++) factorial = mul(factorial, i);
same(factorial, 1124000727777607680000, "22!");
let negativeZeros = 0;
for (let i = -2000; i < 2000; i++) if (Object.is(mul(i, 0), -0)) negativeZeros++;
same(negativeZeros, 2000, "negative zeros from i * 0");
let power = 1;
for (let i = 0; i < 1023; i++) power = mul(power, 2);
same(power, 8.98846567431158e307, "2^1023 by doubling");
same(mul(power, 2), Infinity, "2^1024");
