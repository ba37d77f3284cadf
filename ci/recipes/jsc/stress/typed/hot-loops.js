// about: loads and stores of every element type in loops hot enough to be compiled; Uint32 above 2^31 and Float32 need
// conversions of their own.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function fill(a) { for (let i = 0; i < a.length; i++) a[i] = i * 37 - 1000; }
function sum(a) { let s = 0; for (let i = 0; i < a.length; i++) s += a[i]; return s; }
function reverse(a) { for (let i = 0, j = a.length - 1; i < j; i++, j--) { const t = a[i]; a[i] = a[j]; a[j] = t; } }
for (const Type of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array]) {
    const a = new Type(500), bits = Type.BYTES_PER_ELEMENT * 8, signed = /^(Int|Float)/.test(Type.name);
    let want = 0;
    for (let i = 0; i < 500; i++) {
        let x = i * 37 - 1000;
        if (Type === Uint8ClampedArray) x = x < 0 ? 0 : x > 255 ? 255 : x;
        else if (!/^Float/.test(Type.name)) x = Number(signed ? BigInt.asIntN(bits, BigInt(x)) : BigInt.asUintN(bits, BigInt(x)));
        want += x;
    }
    for (let round = 0; round < 10; round++) {
        fill(a);
        same(sum(a), want, `sum of ${Type.name}`);
        reverse(a);
        same(sum(a), want, `sum of reversed ${Type.name}`);
        same(a[499], new Type([-1000])[0], "last of the reversed");
    }
}
const u = new Uint32Array(256);
function spread(a, seed) { for (let i = 0; i < a.length; i++) { seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0; a[i] = seed; } return seed; }
let seed = 1;
for (let round = 0; round < 40; round++) seed = spread(u, seed);
same(seed, 2840619009, "linear congruential generator");
let above = 0;
for (let i = 0; i < 256; i++) if (u[i] > 2147483647) above++;
same(above + u.filter(x => x <= 2147483647).length, 256, "unsigned comparisons");
const f = new Float32Array(100);
for (let round = 0; round < 50; round++) for (let i = 0; i < 100; i++) f[i] = f[i] + 0.1;
let s = Math.fround(0);
for (let i = 0; i < 50; i++) s = Math.fround(s + 0.1);
same(f[0], s, "single precision accumulation");
same(f[99], 4.999997615814209, "its value");
const bytes = new Uint8Array(256);
for (let round = 0; round < 40; round++) for (let i = 0; i < 256; i++) bytes[i] = bytes[i] + i;
for (let i = 0; i < 256; i++) same(bytes[i], (40 * i) & 255, "byte accumulation");
