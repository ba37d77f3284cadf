// about: the sign of a remainder follows the dividend, -0 included; -2^31 % -1 traps on x86 when left to the hardware, and
// machines without a remainder instruction compute it by multiply and subtract.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function mod(a, b) { return a % b; }
for (let i = 1; i < 4000; i++) same(mod(i, 8), i & 7, "warm");
const table = [
    [7, 3, 1], [-7, 3, -1], [7, -3, 1], [-7, -3, -1], [6, 3, 0], [-6, 3, -0], [6, -3, 0], [-6, -3, -0], [0, 3, 0], [-0, 3, -0],
    [-2147483648, -1, -0], [-2147483648, 1, -0], [2147483647, -1, 0], [-2147483648, 2147483647, -1], [2147483647, -2147483648, 2147483647],
    [-2147483648, -2147483648, -0], [5, 0, NaN], [-5, 0, NaN], [0, 0, NaN], [5, -0, NaN], [4294967295, 10, 5], [4294967296, 4294967295, 1],
    [-4294967297, 2, -1], [9007199254740991, 2, 1], [9007199254740991, 1000003, 224292], [5.5, 2, 1.5], [-5.5, 2, -1.5], [5, Infinity, 5],
    [-5, Infinity, -5], [Infinity, 5, NaN], [-0, Infinity, -0], [1, -2147483648, 1], [-1, -2147483648, -1], [NaN, 2, NaN],
];
for (let round = 0; round < 100; round++) for (const [a, b, want] of table) same(mod(a, b), want, `${a} % ${b}`);
function mod16(a) { return a % 16; }
function mod10(a) { return a % 10; }
for (let i = 0; i < 4000; i++) {
    same(mod16(i), i & 15, "mod 16");
    same(mod16(-i), i % 16 === 0 ? -0 : -(i & 15), `-${i} % 16`);
    same(mod10(-i - 2147480000), -((i + 2147480000) % 10) , "mod 10 near -2^31");
}
// the defining identity, over operands of every sign and size
const values = [1, 2, 3, 7, 10, 16, 255, 256, 1000, 65535, 65536, 1000003, 2147483646, 2147483647];
let checked = 0;
for (const a of values) for (const b of values) for (const s of [1, -1]) for (const t of [1, -1]) {
    const n = s * a, d = t * b, rest = mod(n, d), quotient = Math.trunc(n / d);
    if (quotient * d + rest !== n || Math.abs(rest) >= b || (rest !== 0 && (rest < 0) !== (n < 0)))
        throw new Error(`${n} % ${d}: got ${rest}`);
    checked++;
}
same(checked, 784, "pairs");
