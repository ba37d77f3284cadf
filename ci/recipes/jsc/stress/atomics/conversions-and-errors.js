// about: arguments are converted before and checked in a fixed order; the index is a machine word.
if (typeof Atomics === "undefined" || typeof SharedArrayBuffer === "undefined") {
    print("SKIPPED: no SharedArrayBuffer");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    function throws(type, run, what) {
        let got = "no exception";
        try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
        throw new Error(`${what}: expected ${type.name}, got ${got}`);
    }
    const a = new Int32Array(new SharedArrayBuffer(16)), bytes = new Uint8Array(4), doubles = new Float64Array(2);
    for (const [value, want] of [[4294967297, 4294967297], [1.9, 1], [-1.9, -1], ["12", 12], [NaN, 0], [-0, 0], [Infinity, Infinity], [undefined, 0], [true, 1]]) {
        same(Atomics.store(a, 0, value), want, `store gives the integer of ${String(value)}`);
        same(a[0], want | 0, `and stores ${String(value)} wrapped`);
    }
    Atomics.store(a, 1, 2147483647);
    same(Atomics.add(a, 1, 1), 2147483647, "add at the edge");
    same(a[1], -2147483648, "wraps");
    same(Atomics.sub(a, 1, 1), -2147483648, "sub at the edge");
    same(a[1], 2147483647, "wraps back");
    same(Atomics.compareExchange(bytes, 0, 256, 511), 0, "expected value is cut to the element");
    same(bytes[0], 255, "and so is the new one");
    same(Atomics.or(bytes, 1, -1), 0, "negative into a byte");
    same(bytes[1], 255, "is cut");
    for (const bad of [4, -1, Infinity, 4294967296, 2 ** 53]) for (const f of [i => Atomics.load(a, i), i => Atomics.store(a, i, 1), i => Atomics.add(a, i, 1), i => Atomics.compareExchange(a, i, 0, 1)])
        throws(RangeError, () => f(bad), `index ${bad}`);
    same(Atomics.load(a, "1"), 2147483647, "text index");
    same(Atomics.load(a, 1.7), 2147483647, "fractional index");
    same(Atomics.load(a, -0.5), a[0], "index that rounds to -0");
    for (const bad of [doubles, new Float32Array(2), new Uint8ClampedArray(2), [1, 2], {}, null]) throws(TypeError, () => Atomics.load(bad, 0), "type of the array");
    throws(TypeError, () => Atomics.add(a, 0, 1n), "BigInt into numbers");
    throws(TypeError, () => Atomics.add(new BigInt64Array(1), 0, 1), "number into BigInts");
    throws(TypeError, () => Atomics.wait(new Int32Array(4), 0, 0, 0), "wait on memory that is not shared");
    throws(TypeError, () => Atomics.wait(new Int16Array(new SharedArrayBuffer(8)), 0, 0, 0), "wait on half words");
    let order = "";
    const spy = (n, v) => ({ valueOf() { order += n; return v; } });
    Atomics.compareExchange(a, spy("i", 0), spy("e", 0), spy("r", 5));
    same(order, "ier", "order of conversions");
    function count(t, n) { for (let i = 0; i < n; i++) Atomics.add(t, i & 3, 1); return Atomics.load(t, 0); }
    const t = new Uint16Array(new SharedArrayBuffer(8));
    for (let i = 0; i < 10; i++) count(t, 4000);
    same(t.join(), "10000,10000,10000,10000", "hot increments");
    count(t, 4 * 55536);
    same(t.join(), "0,0,0,0", "wrapping at 2^16");
    throws(RangeError, () => new SharedArrayBuffer(-1), "negative length");
    const shared = new SharedArrayBuffer(8);
    same(shared.slice(2, 6).byteLength, 4, "slice");
    same(Object.prototype.toString.call(shared), "[object SharedArrayBuffer]", "tag");
    same(Atomics[Symbol.toStringTag], "Atomics", "tag of Atomics");
}
