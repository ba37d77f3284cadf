// about: big arrays, buffers and strings live outside the cells' blocks; sizes are machine words and may be swept any time.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const kept = [];
for (let i = 0; i < 40; i++) {
    const ints = new Array(20000).fill(i), doubles = Array.from({ length: 3000 }, (_, k) => k + 0.5), bytes = new Uint8Array(100000).fill(i), text8 = "x".repeat(50000) + i, buffer = new ArrayBuffer(1 << 16);
    new DataView(buffer).setFloat64(65528, i + 0.25);
    if (i % 8 === 0) kept.push({ ints, doubles, bytes, text8, buffer, i });
}
if (typeof fullGC === "function") fullGC();
for (const k of kept) {
    same(k.ints[19999] + k.ints[0], 2 * k.i, "ints");
    same(k.doubles[2999], 2999.5, "doubles");
    same(k.bytes[99999], k.i, "bytes");
    same(k.text8.length, 50000 + String(k.i).length, "text");
    same(new DataView(k.buffer).getFloat64(65528), k.i + 0.25, "buffer");
}
const growing = [];
for (let i = 0; i < 150000; i++) growing.push(i & 1 ? i : i + 0.5);
same(growing[149999] + growing[100000], 250000 - 0.5, "growth by doubling");
growing.length = 10;
same(growing.join(), "0.5,1,2.5,3,4.5,5,6.5,7,8.5,9", "cut back");
for (let i = 0; i < 60; i++) growing.unshift(...growing.slice(0, 10));
same(growing.length, 610, "growth at the front");
const object = {};
for (let i = 0; i < 5000; i++) object["property" + i] = [i];
if (typeof gc === "function") gc();
let s = 0;
for (const k in object) s += object[k][0];
same(s, 12497500, "five thousand properties");
const views = [];
for (let i = 0; i < 60; i++) views.push(new Float64Array(new ArrayBuffer(8000), 8, 10).fill(i));
if (typeof fullGC === "function") fullGC();
views.forEach((v, i) => same(v[9] + v.buffer.byteLength, i + 8000, "a view keeps its buffer"));
let e = null;
try { new ArrayBuffer(2 ** 52); } catch (x) { e = x; }
same(e instanceof RangeError, true, "too large a buffer is refused");
e = null;
try { new Float64Array(2 ** 40); } catch (x) { e = x; }
same(e instanceof RangeError, true, "too large an array is refused");
const matrix = Array.from({ length: 100 }, (_, i) => new Array(100).fill(i));
for (let r = 0; r < 5; r++) for (let i = 0; i < 100; i++) matrix[i] = matrix[i].map((x, k) => x + k).slice();
same(matrix[99][99], 99 + 5 * 99, "arrays replaced by their maps");
