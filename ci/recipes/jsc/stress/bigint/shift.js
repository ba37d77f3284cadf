// about: shifts by whole digits and by counts near the digit width (a C shift by the full width is undefined and differs).
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
function shl(a, n) { return a << n; }
function shr(a, n) { return a >> n; }
const floor = (a, d) => { const q = a / d; return a < 0n && q * d !== a ? q - 1n : q; };
const xs = [0n, 1n, -1n, 5n, -5n, 0x80000000n, -0x80000000n, 0xFFFFFFFFn, 0x8000000000000000n, -0x8000000000000000n, 0xFFFFFFFFFFFFFFFFn, -0xFFFFFFFFFFFFFFFFn,
    0x10000000000000000n, -0x10000000000000000n, 0x123456789ABCDEF0123456789ABCDEFn, -0x123456789ABCDEF0123456789ABCDEFn, -(2n ** 96n), 2n ** 96n - 1n];
for (const x of xs) for (const n of [0, 1, 4, 30, 31, 32, 33, 47, 62, 63, 64, 65, 95, 96, 97, 127, 128, 129, 200]) {
    const p = 2n ** BigInt(n), count = BigInt(n);
    same(shl(x, count), x * p, `${x} << ${n}`);
    same(shr(x, count), floor(x, p), `${x} >> ${n}`);
    same(shl(x, -count), floor(x, p), `${x} << -${n}`);
    same(shr(x, -count), x * p, `${x} >> -${n}`);
    same(shr(shl(x, count), count), x, "there and back");
}
same(shr(5n, 2n ** 64n), 0n, "far right");
same(shr(-5n, 2n ** 64n), -1n, "far right of a negative");
same(shl(5n, -(2n ** 100n)), 0n, "far left by a negative count");
same(shl(0n, 2n ** 100n), 0n, "zero shifts anywhere");
throws(RangeError, () => shl(1n, 2n ** 64n), "far left");
throws(RangeError, () => shr(1n, -(2n ** 40n)), "far right by a negative count");
throws(TypeError, () => 1n >>> 1n, ">>>");
throws(TypeError, () => shl(1n, 1), "mixed");
let x = 1n;
for (let i = 0; i < 1000; i++) x = shl(x, 3n) | 5n;
for (let i = 0; i < 1000; i++) { same(x & 7n, 5n, "digits come back"); x = shr(x, 3n); }
same(x, 1n, "to the start");
