// about: doubles whose bits look like an engine's own tags (pointers, int32, booleans, the 2^49 offset of 64-bit JSC, the
// -1..-7 tags of 32-bit JSC). They must survive storage in every kind of slot.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const view = new DataView(new ArrayBuffer(8));
const highs = [0x00000000, 0x00000001, 0x00000002, 0x00020000, 0x0001FFFF, 0x0002FFFF, 0x00010000, 0xFFF00000, 0x7FF00000, 0xFFEFFFFF, 0xFFE00000,
    0x80000000, 0x80000001, 0x00007FFF, 0x00007F00, 0x0000FFFF, 0xFFEE0000, 0x41DFFFFF, 0x41E00000, 0xC1E00000, 0xFFE20000, 0x7FEFFFFF];
const lows = [0x00000000, 0x00000001, 0x00000002, 0x00000006, 0x00000007, 0x0000000A, 0x0000000F, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFF9,
    0xFFC00000, 0xFFFFFFFB, 0xFFFFFFFC, 0xFFFFFFFD, 0x7FFFFFFF, 0x80000000, 0x12345678];
function bitsOf(x) { view.setFloat64(0, x); return view.getUint32(0).toString(16) + ":" + view.getUint32(4).toString(16); }
function pass(a, b, c) { return [c, a, b]; }
function* yielder(x) { const back = yield x; return back; }
const store = { fixed: 0 }, numbers = [0.5, 1.5], anything = ["", {}, null], closure = x => () => x;
let count = 0;
for (let round = 0; round < 4; round++) for (const h of highs) for (const l of lows) {
    if ((h & 0x7FF00000) === 0x7FF00000 && ((h & 0xFFFFF) || l)) continue; // a NaN: see nan-payloads.js
    view.setUint32(0, h);
    view.setUint32(4, l);
    const want = h.toString(16) + ":" + l.toString(16), x = view.getFloat64(0);
    const check = (value, where) => { if (typeof value !== "number" || bitsOf(value) !== want) throw new Error(`${where}: expected ${want}, got ${typeof value} ${bitsOf(value)}`); };
    check(x, "local");
    store.fixed = x;
    check(store.fixed, "property");
    store["k" + (count & 7)] = x;
    check(store["k" + (count & 7)], "computed property");
    numbers[1] = x;
    check(numbers[1], "double array");
    anything[1] = x;
    check(anything[1], "generic array");
    check(pass(1, x, "s")[2], "argument");
    check(closure(x)(), "closure");
    check(pass.apply(null, [x, 0, 0])[1], "apply");
    check([0, x, ...numbers][1], "spread");
    const it = yielder(x);
    check(it.next().value, "yield");
    check(it.next(x).value, "generator argument");
    try { throw x; } catch (e) { check(e, "exception"); }
    check(new Map([["k", x]]).get("k"), "map value");
    count++;
}
if (count < 1000) throw new Error(`only ${count} patterns`);
