// about: buffers that grow and shrink under their views: length-tracking views ask anew at every access.
if (!("resizable" in ArrayBuffer.prototype) || typeof ArrayBuffer.prototype.resize !== "function") {
    print("SKIPPED: no resizable ArrayBuffer");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    function throws(type, run, what) {
        let got = "no exception";
        try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
        throw new Error(`${what}: expected ${type.name}, got ${got}`);
    }
    const buffer = new ArrayBuffer(16, { maxByteLength: 64 });
    same([buffer.resizable, buffer.maxByteLength, buffer.byteLength].join(), "true,64,16", "sizes");
    const tracking = new Int32Array(buffer), fixed = new Int32Array(buffer, 4, 2), offset = new Uint16Array(buffer, 8), view = new DataView(buffer, 4);
    function total(a) { let s = 0; for (let i = 0; i < a.length; i++) s += a[i]; return s; }
    for (let i = 0; i < 300; i++) { tracking.fill(2); same(total(tracking), 8, "before"); same(total(fixed), 4, "fixed before"); }
    for (let size = 16; size <= 64; size += 4) {
        buffer.resize(size);
        same(tracking.length, size / 4, `tracking length at ${size}`);
        same(fixed.length, 2, "fixed length");
        same(offset.length, (size - 8) / 2, "offset length");
        same(view.byteLength, size - 4, "view length");
        same(total(tracking), 8, "new bytes are 0");
        same(tracking[size / 4], undefined, "beyond");
    }
    buffer.resize(8);
    same(tracking.length, 2, "shrunk");
    same(fixed.length, 0, "fixed view out of bounds");
    same(fixed.byteOffset, 0, "its offset");
    same(fixed[0], undefined, "its element");
    throws(TypeError, () => fixed.fill(1), "its methods");
    same(offset.length, 0, "offset view at the end");
    throws(RangeError, () => view.getInt32(4), "beyond the view");
    buffer.resize(12);
    same(fixed.length, 2, "fixed view is back");
    same(fixed.join(), "2,0", "bytes that were cut are 0");
    throws(RangeError, () => buffer.resize(65), "beyond the maximum");
    throws(TypeError, () => new ArrayBuffer(8).resize(8), "resize of a fixed buffer");
    const seen = [];
    buffer.resize(16);
    tracking.fill(1);
    for (const x of tracking) { seen.push(x); if (seen.length === 2) buffer.resize(32); if (seen.length > 20) break; }
    same(seen.join(), "1,1,1,1,0,0,0,0", "iteration follows growth");
    buffer.resize(0);
    same(tracking.length, 0, "empty");
    same([...tracking].length, 0, "iteration of the empty");
}
