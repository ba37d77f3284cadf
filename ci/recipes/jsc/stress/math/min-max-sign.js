// about: minimum and maximum instructions treat NaN and -0 in every possible way; JavaScript in only one.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const table = [ // a, b, min, max
    [1, 2, 1, 2], [2, 1, 1, 2], [0, -0, -0, 0], [-0, 0, -0, 0], [-0, -0, -0, -0], [NaN, 1, NaN, NaN], [1, NaN, NaN, NaN], [NaN, Infinity, NaN, NaN],
    [Infinity, -Infinity, -Infinity, Infinity], [-2147483648, 2147483647, -2147483648, 2147483647], [2147483648, 2147483647, 2147483647, 2147483648],
    [1.5, 1, 1, 1.5], [-1.5, -1, -1.5, -1], [5e-324, 0, 0, 5e-324], [-5e-324, -0, -5e-324, -0], [1, 1, 1, 1], [4294967295, -1, -1, 4294967295],
    ["3", 2, 2, 3], [null, -1, -1, 0], [undefined, 1, NaN, NaN], [true, 0.5, 0.5, 1],
];
function min(a, b) { return Math.min(a, b); }
function max(a, b) { return Math.max(a, b); }
for (let i = 0; i < 3000; i++) { same(min(i, 1500), i < 1500 ? i : 1500, "warm min"); same(max(i, 1500), i > 1500 ? i : 1500, "warm max"); }
for (let round = 0; round < 100; round++) for (const [a, b, low, high] of table) {
    same(min(a, b), low, `min(${String(a)}, ${String(b)})`);
    same(max(a, b), high, `max(${String(a)}, ${String(b)})`);
}
same(Math.min(), Infinity, "min()");
same(Math.max(), -Infinity, "max()");
same(Math.max(-0), -0, "max(-0)");
same(Math.max(1, 2, 3, 0, -5), 3, "max of five");
same(Math.min(1, NaN, -Infinity), NaN, "NaN wins");
same(Math.max(...new Array(1000).fill(0).map((_, i) => (i * 7919) % 1009)), 1008, "max of a spread");
let calls = 0;
const spy = v => ({ valueOf() { calls++; return v; } });
same(Math.max(spy(NaN), spy(1), spy(2)), NaN, "all arguments are converted");
same(calls, 3, "even after a NaN");
for (const [x, sign, abs] of [[0, 0, 0], [-0, -0, 0], [5, 1, 5], [-5, -1, 5], [-2147483648, -1, 2147483648], [5e-324, 1, 5e-324], [NaN, NaN, NaN], [-Infinity, -1, Infinity], ["-3", -1, 3]])
    for (let i = 0; i < 200; i++) { same(Math.sign(x), sign, `sign(${String(x)})`); same(Math.abs(x), abs, `abs(${String(x)})`); }
function clamp(x, low, high) { return Math.max(low, Math.min(high, x)); }
for (let i = -1000; i < 2000; i++) same(clamp(i, 0, 255), i < 0 ? 0 : i > 255 ? 255 : i, "clamp");
same(clamp(-0.5, 0, 255), 0, "clamp of a fraction");
same(clamp(NaN, 0, 255), NaN, "clamp of NaN");
