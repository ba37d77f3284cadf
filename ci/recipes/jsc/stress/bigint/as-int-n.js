// about: asIntN and asUintN cut at any bit, not just at digit borders.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const samples = [0n, 1n, -1n, 127n, 128n, -128n, -129n, 255n, 256n, 2n ** 31n, -(2n ** 31n), 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 63n) - 1n,
    2n ** 64n, 2n ** 64n - 1n, -(2n ** 64n), 0x123456789ABCDEF0123456789n, -0x123456789ABCDEF0123456789n, 2n ** 128n - 1n, -(2n ** 127n)];
const modulo = (x, m) => ((x % m) + m) % m;
for (const x of samples) for (const n of [0, 1, 2, 7, 8, 9, 15, 16, 31, 32, 33, 47, 53, 62, 63, 64, 65, 95, 96, 97, 100, 127, 128, 129, 200]) {
    const m = 1n << BigInt(n), u = modulo(x, m), s = n && u >= m >> 1n ? u - m : u;
    same(BigInt.asUintN(n, x), u, `asUintN(${n}, ${x})`);
    same(BigInt.asIntN(n, x), n ? s : 0n, `asIntN(${n}, ${x})`);
}
function add64(a, b) { return BigInt.asIntN(64, a + b); }
function mul64(a, b) { return BigInt.asUintN(64, a * b); }
let s = 0n, u = 1n;
for (let i = 0; i < 1500; i++) { s = add64(s, 0x7FFFFFFFFFFFFFn * 1000n); u = mul64(u, 6364136223846793005n) + 1n; }
same(s, -5764607523035734880n, "wrapping sums");
same(BigInt.asUintN(64, u), 10574123490529341381n, "wrapping products");
same(BigInt.asIntN(2 ** 20, -5n), -5n, "very wide");
same(BigInt.asUintN(64, -5n), 18446744073709551611n, "negative");
same(BigInt.asIntN("8", "200"), -56n, "text");
same(BigInt.asUintN(3.9, 15n), 7n, "fraction");
throws(RangeError, () => BigInt.asUintN(-1, 1n), "width -1");
throws(RangeError, () => BigInt.asUintN(2 ** 53, 1n), "width 2^53");
throws(TypeError, () => BigInt.asIntN(8, 1), "number");
