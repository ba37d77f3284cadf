// about: buffers that go away: every access checks it anew, compiled loops included.
let detach;
if (typeof transferArrayBuffer === "function") detach = transferArrayBuffer;
else if (ArrayBuffer.prototype.transfer) detach = b => { b.transfer(); };
if (!detach) {
    print("SKIPPED: no way to detach a buffer");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    function throws(type, run, what) {
        let got = "no exception";
        try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
        throw new Error(`${what}: expected ${type.name}, got ${got}`);
    }
    function read(a, i) { return a[i]; }
    function sum(a) { let s = 0; for (let i = 0; i < a.length; i++) s += a[i]; return s; }
    for (const Type of [Int8Array, Uint8ClampedArray, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array]) {
        const buffer = new ArrayBuffer(64), a = new Type(buffer).fill(3), middle = new Type(buffer, 16, 2), view = new DataView(buffer, 8);
        for (let i = 0; i < 200; i++) { same(read(a, i & 3), 3, "before"); same(sum(a), 3 * a.length, "sum before"); }
        detach(buffer);
        for (let i = 0; i < 20; i++) {
            same(read(a, 0), undefined, `${Type.name} after`);
            same(sum(a), 0, "sum after");
        }
        a[0] = 5;
        same(a[0], undefined, "a store is lost");
        same(a.length + a.byteLength + a.byteOffset + middle.byteOffset + middle.length, 0, "all sizes are 0");
        same(buffer.byteLength, 0, "buffer length");
        same(0 in a, false, "no element");
        same(Object.keys(a).length, 0, "no keys");
        throws(TypeError, () => a.fill(1), "fill");
        throws(TypeError, () => a.slice(), "slice");
        throws(TypeError, () => a.indexOf(3), "indexOf");
        throws(TypeError, () => view.getInt8(0), "DataView get");
        throws(TypeError, () => view.setInt8(0, 1), "DataView set");
        throws(TypeError, () => view.byteLength, "DataView length");
        throws(TypeError, () => buffer.slice(0), "ArrayBuffer slice");
        throws(TypeError, () => new Type(buffer), "view of a detached buffer");
        throws(TypeError, () => [...a], "iteration");
        throws(TypeError, () => a.set([1]), "set");
    }
    const victim = new Int32Array(8).fill(1);
    const seen = [];
    victim.forEach((x, i) => { if (i === 3) detach(victim.buffer); seen.push(x); });
    same(seen.join(), "1,1,1,1,,,,", "forEach goes on with undefined");
    const second = new Uint8Array(4).fill(9);
    throws(TypeError, () => second.fill({ valueOf() { detach(second.buffer); return 1; } }), "fill whose value detaches");
    const third = new Int16Array(4);
    third[1] = { valueOf() { detach(third.buffer); return 7; } };
    same(third.length, 0, "store whose value detaches");
}
