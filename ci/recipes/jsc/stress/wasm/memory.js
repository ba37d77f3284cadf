// about: linear memory is little-endian and unaligned whatever the machine is; bounds are 33-bit sums of address and offset.
if (typeof WebAssembly !== "object") {
    print("SKIPPED: no WebAssembly");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    function throws(type, run, what) {
        let got = "no exception";
        try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
        throw new Error(`${what}: expected ${type.name}, got ${got}`);
    }
    const leb = n => { const out = []; do { const b = n & 127; n >>>= 7; out.push(n ? b | 128 : b); } while (n); return out; };
    const section = (id, ...body) => { const b = body.flat(Infinity); return [id, leb(b.length), b]; };
    const list = (...items) => [leb(items.length), items], name = s => [leb(s.length), Array.from(s, c => c.charCodeAt(0))];
    const code = (...body) => { const b = [0, ...body.flat(Infinity), 0x0B]; return [leb(b.length), b]; }; // a function without locals
    const module = (...sections) => new WebAssembly.Module(Uint8Array.from([0, 0x61, 0x73, 0x6D, 1, 0, 0, 0, ...sections.flat(Infinity)]));
    const I32 = 0x7F, I64 = 0x7E, F32 = 0x7D, F64 = 0x7C, get = i => [0x20, i];
    const loads = { i32: [0, 0x28], i64: [1, 0x29], f32: [2, 0x2A], f64: [3, 0x2B], i32_8s: [0, 0x2C], i32_8u: [0, 0x2D], i32_16s: [0, 0x2E], i32_16u: [0, 0x2F], i64_8s: [1, 0x30], i64_8u: [1, 0x31], i64_16s: [1, 0x32], i64_16u: [1, 0x33], i64_32s: [1, 0x34], i64_32u: [1, 0x35] };
    const stores = { i32: [4, 0x36], i64: [5, 0x37], f32: [6, 0x38], f64: [7, 0x39], i32_8: [4, 0x3A], i32_16: [4, 0x3B], i64_8: [5, 0x3C], i64_16: [5, 0x3D], i64_32: [5, 0x3E] };
    const L = Object.keys(loads), S = Object.keys(stores), far = [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]; // 2^32 - 1
    const m = module(
        section(1, list([0x60, list(I32), list(I32)], [0x60, list(I32), list(I64)], [0x60, list(I32), list(F32)], [0x60, list(I32), list(F64)], [0x60, list(I32, I32), list()], [0x60, list(I32, I64), list()], [0x60, list(I32, F32), list()], [0x60, list(I32, F64), list()], [0x60, list(), list(I32)], [0x60, list(I32, I32, I32), list()])),
        section(3, list(...L.map(n => loads[n][0]), ...S.map(n => stores[n][0]), 8, 0, 0, 0, 9, 9)),
        section(5, list([1, 1, 3])),
        section(7, list([name("memory"), 2, 0], ...L.map((n, i) => [name("load_" + n), 0, leb(i)]), ...S.map((n, i) => [name("store_" + n), 0, leb(L.length + i)]), ...["size", "grow", "far", "near", "fill", "copy"].map((n, i) => [name(n), 0, leb(L.length + S.length + i)]))),
        section(10, list(...L.map(n => code(get(0), loads[n][1], 0, 0)), ...S.map(n => code(get(0), get(1), stores[n][1], 0, 0)), code(0x3F, 0), code(get(0), 0x40, 0), code(get(0), 0x28, 0, far), code(get(0), 0x28, 0, leb(65532)), code(get(0), get(1), get(2), 0xFC, 0x0B, 0), code(get(0), get(1), get(2), 0xFC, 0x0A, 0, 0))),
        section(11, list([0, 0x41, 16, 0x0B, leb(5), [1, 2, 3, 254, 255]])));
    const e = new WebAssembly.Instance(m).exports;
    let view = new DataView(e.memory.buffer);
    same(e.load_i32(16), 0xFE030201 | 0, "the data segment is little-endian");
    same(e.load_i32_8s(20), -1, "its last byte");
    for (let at = 64; at < 90; at++) for (const v of [0x0102030405060708n, -2n, 2n ** 63n - 1n, -(2n ** 63n), 0x80FF7F0180FF7F01n]) {
        e.store_i64(at, v);
        const w = BigInt.asIntN(64, v), u = BigInt.asUintN(64, v);
        same(view.getBigInt64(at, true), w, `i64 at ${at}`);
        same(e.load_i64(at), w, "i64");
        same(e.load_i32(at), Number(BigInt.asIntN(32, v)), "i32");
        same(e.load_f64(at), view.getFloat64(at, true), "f64");
        same(e.load_f32(at + 4), view.getFloat32(at + 4, true), "f32");
        same(e.load_i32_8s(at) + "," + e.load_i32_8u(at), BigInt.asIntN(8, v) + "," + BigInt.asUintN(8, v), "8 bits");
        same(e.load_i32_16s(at) + "," + e.load_i32_16u(at), BigInt.asIntN(16, v) + "," + BigInt.asUintN(16, v), "16 bits");
        same([e.load_i64_8s(at), e.load_i64_8u(at), e.load_i64_16s(at), e.load_i64_16u(at), e.load_i64_32s(at), e.load_i64_32u(at)].join(), [BigInt.asIntN(8, v), u & 255n, BigInt.asIntN(16, v), u & 65535n, BigInt.asIntN(32, v), u & 0xFFFFFFFFn].join(), "narrow i64");
        e.store_i64(at, 0n);
        e.store_i64_8(at, v); e.store_i64_16(at + 1, v); e.store_i32_8(at + 3, Number(u & 0xFFFFFFFFn)); e.store_i64_32(at + 4, v);
        same(view.getBigUint64(at, true), (u & 255n) | (u & 65535n) << 8n | (u & 255n) << 24n | (u & 0xFFFFFFFFn) << 32n, "narrow stores");
        e.store_f64(at, Math.PI); e.store_f32(at + 9, -1.5); e.store_i32_16(at + 13, 0x1BEEF);
        same(view.getFloat64(at, true) + view.getFloat32(at + 9, true), Math.PI - 1.5, "float stores");
        same(view.getUint16(at + 13, true), 0xBEEF, "16-bit store");
    }
    for (const [n, size] of [["i32", 4], ["i64", 8], ["f64", 8], ["i32_8u", 1], ["i64_16s", 2]]) {
        e["load_" + n](65536 - size);
        for (const at of [65536 - size + 1, 65536, -1, -2147483648, 2147483647]) throws(WebAssembly.RuntimeError, () => e["load_" + n](at), `load ${n} at ${at}`);
    }
    throws(WebAssembly.RuntimeError, () => e.store_i64(65529, 1n), "store over the end");
    same(view.getUint8(65529), 0, "wrote nothing");
    throws(WebAssembly.RuntimeError, () => e.far(1), "address and offset do not wrap");
    throws(WebAssembly.RuntimeError, () => e.far(0), "offset alone is too far");
    same(e.near(0), 0, "last word by its offset");
    throws(WebAssembly.RuntimeError, () => e.near(1), "one further");
    same([e.size(), e.grow(1), e.size()].join(), "1,1,2", "grow");
    same(view.buffer.byteLength, 0, "the old buffer is detached");
    view = new DataView(e.memory.buffer);
    same(view.byteLength, 131072, "two pages");
    same(e.load_i32(16), 0xFE030201 | 0, "contents are kept");
    e.store_i32(131068, 7);
    same(view.getInt32(131068, true), 7, "end of the second page");
    same([e.grow(2), e.grow(0), e.memory.grow(1), e.size(), e.grow(-1)].join(), "-1,2,2,3,-1", "up to the maximum");
    e.fill(1000, 0x1AB, 37);
    e.copy(1005, 1000, 37);
    e.copy(990, 1003, 20);
    const bytes = new Uint8Array(e.memory.buffer);
    same(bytes.subarray(988, 1045).join(), "0,0" + ",171".repeat(52) + ",0,0,0", "fill and overlapping copies");
    throws(WebAssembly.RuntimeError, () => e.fill(196600, 1, 9), "fill over the end");
    throws(RangeError, () => e.memory.grow(1), "grow from outside");
    same(new WebAssembly.Memory({ initial: 0 }).buffer.byteLength, 0, "empty memory");
}
