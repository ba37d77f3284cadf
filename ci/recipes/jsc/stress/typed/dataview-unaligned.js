// about: accesses at every offset: machines that fault on unaligned loads (old ARM, MIPS, SPARC) need byte-wise code.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const kinds = [["Int16", 2, -12345], ["Uint16", 2, 54321], ["Int32", 4, -123456789], ["Uint32", 4, 4123456789], ["Float32", 4, -12499999744],
    ["Float64", 8, 1.2345678901234567e-100], ["BigInt64", 8, -1234567890123456789n], ["BigUint64", 8, 12345678901234567890n]];
for (let start = 0; start < 9; start++) {
    const view = new DataView(new ArrayBuffer(40), start, 30);
    for (const [kind, size, value] of kinds) for (let at = 0; at + size <= 30; at++) for (const little of [true, false]) {
        view["set" + kind](at, value, little);
        same(view["get" + kind](at, little), value, `${kind} at ${start} + ${at}`);
        // byte by byte
        let n = 0n;
        for (let i = 0; i < size; i++) n = n << 8n | BigInt(view.getUint8(little ? at + size - 1 - i : at + i));
        if (kind.startsWith("Big")) same(kind === "BigInt64" ? BigInt.asIntN(64, n) : n, value, `bytes of ${kind}`);
        else if (!kind.startsWith("Float")) same(kind.startsWith("U") ? Number(n) : Number(BigInt.asIntN(size * 8, n)), value, `bytes of ${kind}`);
    }
    for (const [kind, size, value] of kinds) {
        for (const bad of [30 - size + 1, 30, 31, 4294967296, 2 ** 53 - 1]) {
            throws(RangeError, () => view["get" + kind](bad), `get${kind} at ${bad}`);
            throws(RangeError, () => view["set" + kind](bad, value), `set${kind} at ${bad}`);
        }
        throws(RangeError, () => view["get" + kind](-1), `get${kind} at -1`);
        same(view["get" + kind](), view["get" + kind](0), "no offset is 0");
        same(view["get" + kind](1.9), view["get" + kind](1), "fractions are cut");
        same(view["get" + kind]("2"), view["get" + kind](2), "text is converted");
    }
}
function sum64(v, little) { let s = 0; for (let i = 0; i + 8 <= v.byteLength; i++) s += v.getFloat64(i, little) === 1 ? 1 : 0; return s; }
const v = new DataView(new ArrayBuffer(107));
for (let i = 3; i + 8 <= 107; i += 8) v.setFloat64(i, 1);
for (let i = 0; i < 60; i++) { same(sum64(v, false), 13, "unaligned doubles"); same(sum64(v, true), 0, "in the wrong order"); }
