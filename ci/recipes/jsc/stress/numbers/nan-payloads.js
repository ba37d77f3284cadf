// about: engines that hide pointers in NaNs must clean NaNs that come from memory; MIPS (old) and HPPA spell quiet and
// signalling NaN the other way round, x87 loads change signalling NaNs. Any NaN has to stay a harmless NaN.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const buffer = new ArrayBuffer(8), view = new DataView(buffer), doubles = new Float64Array(buffer);
const high = [0x7FF80000, 0x7FF00000, 0x7FF00001, 0x7FF7FFFF, 0x7FFFFFFF, 0xFFF80000, 0xFFF00000, 0xFFF7FFFF, 0xFFFE0000, 0xFFFF0000,
    0xFFFFFFFF, 0xFFFC0000, 0xFFFD0000, 0xFFFA8000, 0x7FFC0000, 0xFFFEFFFF];
const low = [1, 0, 2, 6, 7, 10, 0xFFFFFFFF, 0x80000000, 0x12345678, 0xDEADBEEF];
const holder = { a: 1.5, b: 1 }, list = [1.5, 2.5, 3.5], mixed = [{}, 1, "x"], map = new Map();
let seen = 0;
for (let round = 0; round < 5; round++) for (const h of high) for (const l of low) {
    if ((h & 0xFFFFF) === 0 && l === 0) continue; // an infinity
    view.setUint32(0, h);
    view.setUint32(4, l);
    const way = view.getFloat64(0);
    if (way === way || typeof way !== "number") throw new Error(`bits ${h.toString(16)} ${l.toString(16)}: expected NaN, got ${typeof way}`);
    list[1] = way;
    holder.a = way;
    holder.b = way;
    mixed[1] = way;
    map.set(way, h);
    for (const value of [list[1], holder.a, holder.b, mixed[1], (v => v)(way), [way].concat([1])[0], [...[way]][0]]) {
        same(value, NaN, "NaN through storage");
        same(typeof value, "number", "type of a NaN");
        same(String(value), "NaN", "text of a NaN");
        same(value | 0, 0, "NaN | 0");
        same(Math.max(value, 1), NaN, "max with NaN");
    }
    // the machine's own byte order, through a typed array
    const words = new Uint32Array(buffer);
    words[0] = l; words[1] = h;
    const little = doubles[0];
    words[0] = h; words[1] = l;
    const big = doubles[0];
    if (little === little && big === big) throw new Error("neither word order gave a NaN");
    const nan = little === little ? big : little;
    same(typeof nan, "number", "type of a NaN from a typed array");
    same(nan + 1, NaN, "arithmetic on it");
    seen++;
}
same(seen, 5 * (high.length * low.length - 2), "patterns");
same(map.size, 1, "all NaNs are one key");
same(new Set([NaN, -NaN, 0 / 0, Infinity - Infinity, 0 * Infinity]).size, 1, "computed NaNs are one key");
// single precision payloads
const single = new DataView(new ArrayBuffer(4));
for (const bits of [0x7FC00000, 0x7F800001, 0x7FBFFFFF, 0x7FFFFFFF, 0xFFC00000, 0xFF800001, 0xFFFFFFFF]) {
    single.setUint32(0, bits);
    const nan = single.getFloat32(0);
    same(nan, NaN, `single ${bits.toString(16)}`);
    list[0] = nan;
    same(list[0] !== list[0], true, "stored single NaN");
}
