// about: 64-bit elements are two loads on 32-bit machines, and their BigInts have one or two digits.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const buffer = new ArrayBuffer(32), signed = new BigInt64Array(buffer), unsigned = new BigUint64Array(buffer), words = new Uint32Array(buffer);
const low = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1 ? 0 : 1;
const values = [0n, 1n, -1n, 4294967295n, 4294967296n, -4294967296n, -4294967297n, 2n ** 31n, -(2n ** 31n), 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 63n), 2n ** 63n,
    2n ** 64n - 1n, 2n ** 64n, 2n ** 64n + 5n, -(2n ** 64n) - 3n, 2n ** 127n + 12345678901234567890n, -(2n ** 200n) + 7n, 0x123456789ABCDEF0n];
function store(a, i, x) { a[i] = x; return a[i]; }
for (let round = 0; round < 60; round++) for (const x of values) {
    const i = round & 3, u = BigInt.asUintN(64, x);
    same(store(signed, i, x), BigInt.asIntN(64, x), `signed ${x}`);
    same(unsigned[i], u, `unsigned view of ${x}`);
    same(words[2 * i + low], Number(u & 0xFFFFFFFFn), `low word of ${x}`);
    same(words[2 * i + 1 - low], Number(u >> 32n), `high word of ${x}`);
    same(store(unsigned, i, x), u, `unsigned ${x}`);
    same(signed[i] < 0n, u >= 2n ** 63n, `sign of ${x}`);
}
for (const bad of [1, "x", undefined, Symbol.iterator, 1.5]) for (const f of [() => store(signed, 0, bad), () => BigInt64Array.of(bad), () => signed.fill(bad), () => signed.set([bad])]) {
    let got;
    try { f(); } catch (e) { got = e; }
    if (!(got instanceof (bad === "x" ? SyntaxError : TypeError))) throw new Error(`storing ${String(bad)}: got ${got}`);
}
same(store(signed, 0, "12"), 12n, "text is converted");
same(store(signed, 0, true), 1n, "true is converted");
throws(TypeError, () => signed.set(new Int32Array(1)), "mixing number and BigInt arrays");
throws(TypeError, () => new BigInt64Array(new Float64Array(1)), "copying from numbers");
same(new BigUint64Array(BigInt64Array.of(-1n))[0], 18446744073709551615n, "signed to unsigned");
same(new BigInt64Array(BigUint64Array.of(2n ** 63n))[0], -(2n ** 63n), "unsigned to signed");
let x = 88172645463325252n, a = new BigUint64Array(1);
for (let i = 0; i < 600; i++) { // xorshift64
    a[0] = x;
    a[0] ^= a[0] << 13n;
    a[0] ^= a[0] >> 7n;
    a[0] ^= a[0] << 17n;
    x = a[0];
}
same(x, 1371699129920149780n, "xorshift64 after 600 steps");
same([...signed.fill(-1n).map(v => v * 2n)].join(), "-2,-2,-2,-2", "map");
same(signed.reduce((s, v) => s + v, 0n), -4n, "reduce");
