// about: compiled loops hoist bounds checks and compute with indices near the ends of int32.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function sum(a, from, to) { let s = 0; for (let i = from; i < to; i++) s += a[i]; return s; }
function sumDown(a, from) { let s = 0; for (let i = from; i >= 0; i--) s += a[i]; return s; }
function stride(a, step) { let s = 0; for (let i = 0; i < a.length; i += step) s += a[i]; return s; }
const a = Array.from({ length: 200 }, (_, i) => i);
for (let i = 0; i < 100; i++) {
    same(sum(a, 0, 200), 19900, "whole");
    same(sum(a, 50, 60), 545, "part");
    same(sumDown(a, 199), 19900, "downwards");
    same(stride(a, 7), 2842, "stride");
}
same(sum(a, 0, 201), NaN, "one too far");
same(sum(a, -1, 3), NaN, "one too early");
same(sumDown(a, 200), NaN, "downwards from beyond");
function at(a, i, offset) { return a[i + offset]; }
for (let i = 0; i < 2000; i++) same(at(a, i % 100, 5), i % 100 + 5, "offset");
same(at(a, 2147483647, 1), undefined, "index overflows int32");
same(at(a, -2147483648, -1), undefined, "index underflows int32");
same(at(a, 2147483647, -2147483640), 7, "back in range");
function fill(n) { const out = []; for (let i = 0; i < n; i++) out[i] = i; return out; }
for (const n of [0, 1, 10, 100, 1000, 5000]) same(fill(n).length, n, "appending stores");
function gaps(n) { const out = []; for (let i = n - 1; i >= 0; i--) out[i] = i; return out; }
for (const n of [1, 10, 100, 1000]) same(gaps(n).reduce((s, x) => s + x, 0), n * (n - 1) / 2, "filled from behind");
const b = [1, 2, 3, 4, 5];
b.length = 3;
same(b.join() + b[3], "1,2,3undefined", "cut");
b.length = 5;
same(3 in b, false, "not put back");
for (const bad of [-1, 1.5, 4294967296, NaN, "x", {}]) { let e; try { b.length = bad; } catch (x) { e = x; } if (!(e instanceof RangeError)) throw new Error(`length = ${bad}: got ${e}`); }
b.length = "2";
same(b.length, 2, "text length");
let conversions = 0;
b.length = { valueOf() { conversions++; return 1; } };
same(conversions, 2, "length is converted twice");
function mutate(x) { for (let i = 0; i < x.length; i++) { if (x[i] === 3) x.length = 1; } return x.length; }
for (let i = 0; i < 300; i++) same(mutate([1, 2, 3, 4, 5]), 1, "cut inside the loop");
function swapEnds(x) { const n = x.length; [x[0], x[n - 1]] = [x[n - 1], x[0]]; return x; }
for (let i = 0; i < 500; i++) { const s = swapEnds([i, 0.5, "e"]); same(s[0] + s[2], "e" + i, "swap"); }
const matrix = [];
for (let i = 0; i < 50; i++) { matrix[i] = []; for (let j = 0; j < 50; j++) matrix[i][j] = i * 50 + j; }
let diagonal = 0;
for (let r = 0; r < 20; r++) for (let i = 0; i < 50; i++) diagonal += matrix[i][49 - i];
same(diagonal, 20 * 62475, "antidiagonal");
same(matrix[49]?.[50] ?? matrix[50]?.[0] ?? "none", "none", "optional beyond");
