// about: views of several widths on one buffer show the machine's byte order; all of them have to agree on which it is.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const buffer = new ArrayBuffer(16), bytes = new Uint8Array(buffer), view = new DataView(buffer);
new Uint16Array(buffer)[0] = 0x0102;
const little = bytes[0] === 2;
same(bytes[0] + bytes[1], 3, "two bytes");
const order = list => (little ? list.slice().reverse() : list).join();
const int32 = new Int32Array(buffer), uint32 = new Uint32Array(buffer), float32 = new Float32Array(buffer), float64 = new Float64Array(buffer);
const big64 = new BigInt64Array(buffer), ubig64 = new BigUint64Array(buffer), int16 = new Int16Array(buffer);
for (let round = 0; round < 500; round++) {
    int32[0] = 0x01020304;
    same(bytes.subarray(0, 4).join(), order([1, 2, 3, 4]), "Int32Array bytes");
    same(view.getInt32(0, little), 0x01020304, "Int32Array through a DataView");
    float32[1] = 1.5;
    same(bytes.subarray(4, 8).join(), order([0x3f, 0xc0, 0, 0]), "Float32Array bytes");
    same(uint32[1], 0x3FC00000, "float bits");
    float64[0] = -Math.PI;
    same(bytes.subarray(0, 8).join(), order([0xc0, 0x09, 0x21, 0xfb, 0x54, 0x44, 0x2d, 0x18]), "Float64Array bytes");
    same(uint32[little ? 1 : 0], 0xC00921FB, "high word of a double");
    same(uint32[little ? 0 : 1], 0x54442D18, "low word of a double");
    same(ubig64[0], 0xC00921FB54442D18n, "double as 64 bits");
    big64[1] = -2n;
    same(bytes.subarray(8, 16).join(), order([255, 255, 255, 255, 255, 255, 255, 254]), "BigInt64Array bytes");
    same(int16[little ? 4 : 7], -2, "low half word");
    big64[1] = 0x0102030405060708n;
    same(uint32[2], little ? 0x05060708 : 0x01020304, "first word of 64 bits");
    same(uint32[3], little ? 0x01020304 : 0x05060708, "second word of 64 bits");
    same(float64[1], view.getFloat64(8, little), "double through a DataView");
}
const copy = new Uint8Array(float64.slice(0, 1).buffer);
same(copy.join(), bytes.subarray(0, 8).join(), "slice copies bytes");
const text4 = new Uint8Array(new Uint32Array([0x6A736321]).buffer);
same(String.fromCharCode(...(little ? text4.reverse() : text4)), "jsc!", "a multi-character constant");
if (typeof Atomics === "object") {
    Atomics.store(int32, 0, 0x0A0B0C0D);
    same(bytes.subarray(0, 4).join(), order([10, 11, 12, 13]), "Atomics.store bytes");
    if (Atomics.load(int32, 0) !== 0x0A0B0C0D) throw new Error("Atomics.load");
}
