// about: what each element type makes of values out of its range: wrapping, clamping and rounding are done by instructions
// that saturate on some machines.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const inputs = [0, -0, 1, -1, 127, 128, 129, 255, 256, 257, -128, -129, 32767, 32768, 65535, 65536, -32769, 2147483647, 2147483648, 4294967295,
    4294967296, -2147483649, 1e10, -1e10, 1e20, -1e20, 2 ** 53, 2 ** 63, 2 ** 64 + 2 ** 20, 0.5, 1.5, 2.5, -0.5, 254.5, 255.5, 254.49999, 127.9,
    -128.9, NaN, Infinity, -Infinity, 1e300, 5e-324, 0.4999999999999999, 253.5];
function wrap(x, bits, signed) {
    if (!isFinite(x)) return 0;
    const n = BigInt(Math.trunc(x));
    return Number(signed ? BigInt.asIntN(bits, n) : BigInt.asUintN(bits, n));
}
function clamp(x) { // round half to even
    if (!(x > 0)) return 0;
    if (x >= 255) return 255;
    const low = Math.floor(x), rest = x - low;
    return rest < 0.5 ? low : rest > 0.5 ? low + 1 : low + (low & 1);
}
const types = [
    [Int8Array, x => wrap(x, 8, true)], [Uint8Array, x => wrap(x, 8, false)], [Uint8ClampedArray, clamp], [Int16Array, x => wrap(x, 16, true)],
    [Uint16Array, x => wrap(x, 16, false)], [Int32Array, x => wrap(x, 32, true)], [Uint32Array, x => wrap(x, 32, false)],
    [Float32Array, Math.fround], [Float64Array, x => x],
];
for (const [Type, rule] of types) {
    const array = new Type(4);
    const store = new Function("a", "i", "x", "a[i] = x; return a[i];"); // a fresh function for each type, to specialise
    for (let round = 0; round < 40; round++) for (const x of inputs) {
        const want = rule(x), what = `${Type.name} of ${text(x)}`;
        same(store(array, round & 3, x), want, what);
        same(array.fill(x)[3], want, "fill " + what);
    }
    for (const x of inputs) {
        const want = rule(x), what = `${Type.name} of ${text(x)}`;
        same(new Type([x])[0], want, "constructor " + what);
        same(Type.of(x)[0], want, "of " + what);
        same(Type.from([x])[0], want, "from " + what);
        array.set([x], 1);
        same(array[1], want, "set " + what);
        same(new Type(new Float64Array([x]))[0], want, "copy from doubles " + what);
        same(new Type([1]).map(() => x)[0], want, "map " + what);
        same(new Type([1]).with ? new Type([1]).with(0, x)[0] : want, want, "with " + what);
    }
    same((array[1] = "7", array[1]), 7, "text into " + Type.name);
    same((array[1] = undefined, array[1]), Type === Float32Array || Type === Float64Array ? NaN : 0, "undefined into " + Type.name);
    same((array[1] = { valueOf: () => 3 }, array[1]), 3, "object into " + Type.name);
    try { array[1] = 1n; throw new Error("a BigInt was stored into " + Type.name); } catch (e) { if (!(e instanceof TypeError)) throw e; }
}
