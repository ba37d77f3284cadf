// about: Math.imul and Math.clz32 have instructions on some machines and loops on others; clz of 0 differs most.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function imul(a, b) { return Math.imul(a, b); }
function clz(x) { return Math.clz32(x); }
let s = 12345;
function next() { s ^= s << 13; s ^= s >>> 17; s ^= s << 5; return s | 0; }
for (let i = 0; i < 4000; i++) {
    const a = next(), b = next();
    const want = Number(BigInt.asIntN(32, BigInt(a) * BigInt(b)));
    if (imul(a, b) !== want) throw new Error(`imul(${a}, ${b}): expected ${want}, got ${imul(a, b)}`);
    const ah = a >>> 16, al = a & 65535, bh = b >>> 16, bl = b & 65535;
    if (want !== (al * bl + ((ah * bl + al * bh) << 16 >>> 0) | 0)) throw new Error(`schoolbook product of ${a}, ${b}`);
}
for (const [a, b, want] of [[0x80000000, 2, 0], [0x80000000, -1, -2147483648], [0xFFFFFFFF, 5, -5], [0xFFFFFFFE, 5, -10], [65536, 65536, 0], [0, -5, 0],
    [2.9, 3.9, 6], [-2.9, 3, -6], [NaN, 3, 0], [Infinity, 3, 0], ["7", "6", 42], [4294967297, 3, 3], [1e20, 1, 1661992960], [2147483647, 2147483647, 1]])
    same(imul(a, b), want, `imul(${a}, ${b})`);
same(Math.imul(), 0, "imul()");
same(Math.imul(3), 0, "imul(3)");
same(1 / Math.imul(-1, 0), Infinity, "imul never gives -0");
for (let i = 0; i < 32; i++) {
    for (let k = 0; k < 60; k++) {
        same(clz(2 ** i), 31 - i, `clz32(2^${i})`);
        same(clz(2 ** (i + 1) - 1), 31 - i, `clz32(2^${i + 1} - 1)`);
        same(clz(-(2 ** i)), 0, `clz32(-2^${i})`);
    }
}
for (const [x, want] of [[0, 32], [-0, 32], [0.5, 32], [1.9, 31], [-1, 0], [4294967295, 0], [4294967296, 32], [4294967297, 31], [NaN, 32], [Infinity, 32],
    ["256", 23], [undefined, 32], [-0.9, 32], [2147483648, 0], [2147483647.9, 1]])
    for (let k = 0; k < 100; k++) same(clz(x), want, `clz32(${String(x)})`);
function log2Floor(x) { return 31 - Math.clz32(x); }
let sum = 0;
for (let i = 1; i < 20000; i++) sum += log2Floor(i);
same(sum, 247234, "sum of floor(log2)");
