// about: copies inside one buffer, in both directions and between types; a memcpy with the wrong direction shows here.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function fresh() { return Uint8Array.from({ length: 32 }, (_, i) => i); }
for (let from = 0; from < 32; from += 3) for (let to = 0; to < 32; to += 5) for (const count of [1, 4, 7, 16, 31]) {
    const a = fresh(), want = Array.from(a);
    const n = Math.min(count, 32 - from, 32 - to), moved = want.slice(from, from + n);
    for (let i = 0; i < n; i++) want[to + i] = moved[i];
    a.copyWithin(to, from, from + count);
    same(a.join(), want.join(), `copyWithin(${to}, ${from}, ${from + count})`);
    const b = fresh();
    b.set(b.subarray(from, from + n), to);
    same(b.join(), want.join(), `set of a subarray from ${from} to ${to}`);
}
// different element sizes over one buffer: values are read before they are overwritten
const buffer = new ArrayBuffer(64);
for (const [Source, Target] of [[Uint8Array, Uint16Array], [Uint16Array, Uint8Array], [Uint8Array, Float64Array], [Int16Array, Int32Array], [Float32Array, Uint8Array]]) {
    new Uint8Array(buffer).fill(0);
    const source = new Source(buffer, 0, 8);
    for (let i = 0; i < 8; i++) source[i] = i + 1;
    new Target(buffer, 0, 8).set(source);
    same(new Target(buffer, 0, 8).join(), "1,2,3,4,5,6,7,8", `${Source.name} to ${Target.name} from the same start`);
    const late = new Source(buffer, 16, 8);
    for (let i = 0; i < 8; i++) late[i] = 9 - i;
    new Target(buffer, 0, 8).set(late);
    same(new Target(buffer, 0, 8).join(), "9,8,7,6,5,4,3,2", `${Source.name} to ${Target.name} from behind`);
}
const f = new Float32Array(4);
f.set([0.1, 1e40, -1e-50], 1);
same([...f].map(x => Object.is(x, -0) ? "-0" : String(x)).join(), "0,0.10000000149011612,Infinity,-0", "set converts");
const big = new Int32Array(1000);
for (let i = 0; i < 1000; i++) big[i] = i * i;
const half = new Int16Array(1000);
half.set(big);
for (let i = 0; i < 1000; i++) same(half[i], (i * i) << 16 >> 16, "set narrows");
for (let i = 0; i < 100; i++) { try { half.set(big, 1); throw new Error("set past the end did not throw"); } catch (e) { if (!(e instanceof RangeError)) throw e; } }
same(half[0], 0, "a refused set changes nothing");
const slices = big.slice(10, 13);
big[10] = 5;
same(slices.join(), "100,121,144", "slice is a copy");
same(big.subarray(10, 13).join(), "5,121,144", "subarray is not");
same(Uint8Array.from(new Set([1, 2, 300])).join(), "1,2,44", "from an iterable");
same(new Uint8Array(new Uint16Array([256, 257, 65535])).join(), "0,1,255", "copy constructor narrows");
