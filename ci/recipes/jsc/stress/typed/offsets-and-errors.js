// about: constructors with offsets: alignment and bounds are checked with machine-word arithmetic that may overflow on 32 bits.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const buffer = new ArrayBuffer(32);
for (const Type of [Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array, BigInt64Array, BigUint64Array]) {
    const size = Type.BYTES_PER_ELEMENT;
    for (let at = 0; at <= 32; at++) {
        if (at % size) { throws(RangeError, () => new Type(buffer, at), `${Type.name} at ${at}`); continue; }
        const a = new Type(buffer, at);
        same(a.length, (32 - at) / size, "length to the end");
        same(a.byteOffset, at, "byteOffset");
        same(a.byteLength, 32 - at, "byteLength");
        if (at + size <= 32) same(new Type(buffer, at, 1).length, 1, "one element");
    }
    throws(RangeError, () => new Type(buffer, 32 + size), `${Type.name} past the end`);
    throws(RangeError, () => new Type(buffer, 0, 32 / size + 1), "too long");
    throws(RangeError, () => new Type(buffer, size, 32 / size), "too long from an offset");
    throws(RangeError, () => new Type(buffer, 4294967296), "offset 2^32");
    throws(RangeError, () => new Type(buffer, 0, 4294967296), "length 2^32");
    throws(RangeError, () => new Type(buffer, size, 2 ** 53 - 1), "length 2^53 - 1");
    throws(RangeError, () => new Type(-1), "length -1");
    throws(RangeError, () => new Type(2 ** 53), "length 2^53");
    throws(RangeError, () => new Type(buffer, -size), "negative offset");
    throws(RangeError, () => new Type(new ArrayBuffer(33)), "odd length");
    throws(TypeError, () => Type(4), "without new");
    same(new Type(undefined).length, 0, "no length");
    same(new Type("3").length, 3, "text length");
}
throws(RangeError, () => new ArrayBuffer(-1), "ArrayBuffer(-1)");
throws(RangeError, () => new ArrayBuffer(2 ** 53), "ArrayBuffer(2^53)");
throws(RangeError, () => new DataView(buffer, 33), "DataView past the end");
throws(RangeError, () => new DataView(buffer, 1, 32), "DataView too long");
throws(RangeError, () => new DataView(buffer, 4294967297), "DataView offset 2^32 + 1");
throws(RangeError, () => new DataView(buffer, 1, 4294967295), "DataView length 2^32 - 1");
same(new DataView(buffer, 5).byteLength, 27, "DataView to the end");
throws(TypeError, () => new DataView({}), "DataView of an object");
same(buffer.slice(-8, -4).byteLength, 4, "slice from the end");
same(buffer.slice(4294967296).byteLength, 0, "slice from 2^32");
same(buffer.slice(-4294967296, 4294967296).byteLength, 32, "slice over all");
const sub = new Uint8Array(buffer, 8, 16);
same(sub.subarray(-4).byteOffset, 20, "subarray from the end");
same(sub.subarray(4, 2).length, 0, "empty subarray");
same(sub.subarray(4294967300).length, 0, "subarray from far away");
same(new Float64Array(new Uint8Array([1, 2, 255])).join(), "1,2,255", "copy of another type");
same(ArrayBuffer.isView(sub) && !ArrayBuffer.isView(buffer), true, "isView");
