// about: random bit patterns must survive double -> text -> double; a fault in either direction on one machine shows here.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
let s0 = 0x9E3779B9 | 0, s1 = 0x243F6A88 | 0;
function random32() { // xorshift64 in two halves
    let t = s0 ^ (s0 << 10);
    s0 = s1;
    s1 = s1 ^ (s1 >>> 10) ^ t ^ (t >>> 13);
    return s1 >>> 0;
}
const bytes = new ArrayBuffer(8), view = new DataView(bytes);
let tested = 0, checksum = 0;
for (let i = 0; i < 2500; i++) {
    const high = random32(), low = random32();
    if ((high & 0x7FF00000) === 0x7FF00000) continue;
    view.setUint32(0, high);
    view.setUint32(4, low);
    const x = view.getFloat64(0), shown = String(x);
    for (const value of [Number(shown), parseFloat(shown), JSON.parse(shown), +x.toPrecision(17), +x.toExponential(16)]) {
        view.setFloat64(0, value);
        if (view.getUint32(0) !== high || view.getUint32(4) !== low) throw new Error(`${shown}: bits changed`);
    }
    // no shorter text reads back
    const digits = shown.replace(/e.*$/, "").replace(/[-.]/g, "").replace(/^0+|0+$/g, "").length;
    if (digits > 1 && Number(x.toPrecision(digits - 1)) === x) throw new Error(`${shown} is not the shortest`);
    for (let k = 0; k < shown.length; k++) checksum = (Math.imul(checksum, 31) + shown.charCodeAt(k)) | 0;
    tested++;
}
if (tested < 2300) throw new Error(`only ${tested} values`);
same(checksum, -1835870850, "checksum of all texts");
