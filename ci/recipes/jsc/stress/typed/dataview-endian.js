// about: DataView in both byte orders; a big-endian machine has to swap where a little-endian one does not.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const buffer = new ArrayBuffer(64), view = new DataView(buffer), bytes = new Uint8Array(buffer);
const hex = (from, count) => Array.from(bytes.subarray(from, from + count), b => b.toString(16).padStart(2, "0")).join("");
const table = [ // kind, value, big-endian bytes
    ["Int8", -2, "fe"], ["Uint8", 200, "c8"], ["Int16", -2, "fffe"], ["Int16", 0x1234, "1234"], ["Uint16", 0xBEEF, "beef"],
    ["Int32", -559038737, "deadbeef"], ["Int32", 1, "00000001"], ["Uint32", 0x80000001, "80000001"], ["Uint32", 4294967295, "ffffffff"],
    ["Float32", 1.5, "3fc00000"], ["Float32", -0, "80000000"], ["Float32", 1.401298464324817e-45, "00000001"], ["Float32", Infinity, "7f800000"],
    ["Float32", 3.4028234663852886e38, "7f7fffff"], ["Float64", 1, "3ff0000000000000"], ["Float64", Math.PI, "400921fb54442d18"],
    ["Float64", -0, "8000000000000000"], ["Float64", 5e-324, "0000000000000001"], ["Float64", -Infinity, "fff0000000000000"],
    ["Float64", 1.7976931348623157e308, "7fefffffffffffff"], ["BigInt64", -2n, "fffffffffffffffe"], ["BigInt64", 0x0123456789ABCDEFn, "0123456789abcdef"],
    ["BigUint64", 0xFEDCBA9876543210n, "fedcba9876543210"], ["BigUint64", 1n, "0000000000000001"],
];
for (let round = 0; round < 60; round++) for (const [kind, value, want] of table) {
    const size = want.length / 2, at = (round * 3) % 40, swapped = want.match(/../g).reverse().join("");
    const set = (...a) => view["set" + kind](...a), get = (...a) => view["get" + kind](...a);
    set(at, value);
    same(hex(at, size), want, `set${kind} default order`);
    same(get(at), value, `get${kind} default order`);
    set(at, value, false);
    same(hex(at, size), want, `set${kind} big-endian`);
    set(at, value, true);
    same(hex(at, size), swapped, `set${kind} little-endian`);
    same(get(at, true), value, `get${kind} little-endian`);
    same(get(at, 1), value, `get${kind} with a truthy order`);
    for (let i = 0; i < size; i++) bytes[at + i] = parseInt(want.slice(2 * i, 2 * i + 2), 16);
    same(get(at, undefined), value, `get${kind} of bytes`);
}
// one hot function for each order, with constants that compilers fold
function readBig(v, i) { return v.getInt32(i); }
function readLittle(v, i) { return v.getInt32(i, true); }
function writeLittle(v, i, x) { v.setUint16(i, x, true); }
function readFloat(v, i, order) { return v.getFloat32(i, order); }
for (let i = 0; i < 64; i++) bytes[i] = i * 7 + 3;
for (let i = 0; i < 6000; i++) {
    const at = i % 60;
    const want = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    if (readBig(view, at) !== want) throw new Error(`hot getInt32 at ${at}: expected ${want}, got ${readBig(view, at)}`);
    const back = (bytes[at + 3] << 24) | (bytes[at + 2] << 16) | (bytes[at + 1] << 8) | bytes[at];
    if (readLittle(view, at) !== back) throw new Error(`hot little getInt32 at ${at}: expected ${back}, got ${readLittle(view, at)}`);
}
for (let i = 0; i < 4000; i++) {
    writeLittle(view, i % 60, i);
    same(bytes[i % 60] | bytes[i % 60 + 1] << 8, i, "hot setUint16");
    view.setFloat32(8, i + 0.5, (i & 1) === 0);
    same(readFloat(view, 8, (i & 1) === 0), i + 0.5, "hot getFloat32");
}
