// about: subtraction and negation at the ends of the int32 range and around zero: negating 0 has to give -0 (a double) and
// negating -2^31 has to give 2^31 (a double), which compiled code checks with arch-specific sequences.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function sub(a, b) { return a - b; }
function negate(a) { return -a; }
function twice(a) { return -(-a); }
for (let i = 0; i < 4000; i++) {
    same(negate(i + 1), -1 - i, "negate");
    same(sub(i, i + 1), -1, "sub");
}
same(negate(0), -0, "-(0)");
same(negate(-0), 0, "-(-0)");
same(negate(-2147483648), 2147483648, "-(-2^31)");
same(negate(2147483647), -2147483647, "-(2^31-1)");
same(negate(2147483648), -2147483648, "-(2^31)");
same(negate(4294967295), -4294967295, "-(2^32-1)");
same(twice(0), 0, "-(-(0))");
same(twice(-2147483648), -2147483648, "-(-(-2^31))");
const table = [
    [-2147483648, 1, -2147483649], [2147483647, -1, 2147483648], [0, -2147483648, 2147483648], [-1, 2147483647, -2147483648],
    [-2, 2147483647, -2147483649], [0, 0, 0], [-0, 0, -0], [0, -0, 0], [-0, -0, 0], [5, 5, 0],
    [-2147483648, 2147483647, -4294967295], [2147483647, -2147483648, 4294967295],
];
for (let round = 0; round < 300; round++) for (const [a, b, want] of table) same(sub(a, b), want, `${a} - ${b}`);
let down = -2147483000;
for (let i = 0; i < 5000; i++) down = sub(down, 1);
same(down, -2147488000, "counting down through -2^31");
let flips = 0;
for (let i = -3000; i <= 3000; i++) if (Object.is(negate(i), -0)) flips++;
same(flips, 1, "only 0 negates to -0");
let x = 1;
for (let i = 0; i < 5001; i++) x = negate(x);
same(x, -1, "odd number of negations");
function absolute(v) { return v < 0 ? -v : v; }
for (let i = 0; i < 3000; i++) same(absolute(-i - 1), i + 1, "absolute");
same(absolute(-2147483648), 2147483648, "absolute of -2^31");
