// about: x >>> n yields an unsigned value that need not fit int32; JITs keep it as int32, int52 or double by tier and word size.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function ushr(x, n) { return x >>> n; }
function ushr0(x) { return x >>> 0; }
for (let i = 0; i < 4000; i++) same(ushr(i << 4, 4), i, "warm");
const table = [
    [-1, 0, 4294967295], [-1, 1, 2147483647], [-1, 31, 1], [-1, 32, 4294967295], [-1, 33, 2147483647], [-1, -1, 1], [-1, -32, 4294967295],
    [-2147483648, 0, 2147483648], [-2147483648, 31, 1], [2147483648, 0, 2147483648], [4294967295, 0, 4294967295], [4294967296, 0, 0],
    [4294967296.9, 0, 0], [-4294967297, 0, 4294967295], [1e20, 0, 1661992960], [-1e20, 0, 2632974336], [NaN, 0, 0], [-0.5, 0, 0],
    [-1.5, 0, 4294967295], [3.7, 1, 1], [-16, 4, 268435455], [123456789, 100, 7716049],
];
for (let round = 0; round < 100; round++) for (const [x, n, want] of table) same(ushr(x, n), want, `${x} >>> ${n}`);
let sum = 0;
for (let i = 0; i < 20000; i++) sum += ushr0(-1 - i);
same(sum, 20000 * 4294967295 - 19999 * 10000, "sum of unsigned values");
let wrapped = 0;
for (let i = 0; i < 20000; i++) wrapped = ushr0(wrapped + 4294967291);
same(wrapped, (4294967296 * 100000 - 100000) % 4294967296, "wrapping by -5");
// comparisons and conversions of the result
for (let i = 0; i < 3000; i++) {
    const u = ushr0(-1 - i);
    if (!(u > 2147483647) || u <= i || u < 0 || u === (u | 0)) throw new Error(`comparison of ${u}`);
    same(u % 10, (4294967295 - i) % 10, "remainder of an unsigned value");
    same(u / 2, (4294967295 - i) / 2, "half of an unsigned value");
    same(String(u), String(4294967295 - i), "text of an unsigned value");
    same(u | 0, -1 - i, "back to signed");
}
const table32 = {};
table32[ushr0(-2)] = "last index";
same(table32[4294967294], "last index", "unsigned value as a key");
