// about: ++ and -- are separate opcodes in every tier, with their own int32 overflow check and their own conversions.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const starts = [[2147483646, 2147483647], [2147483647, 2147483648], [-2147483648, -2147483647], [4294967295, 4294967296], [-1, 0],
    [0.5, 1.5], [-0.5, 0.5], [-0, 1], [9007199254740991, 9007199254740992], [9007199254740992, 9007199254740992], [NaN, NaN], ["41", 42],
    ["x", NaN], [null, 1], [undefined, NaN], [true, 2], [[6], 7], [{ valueOf: () => 8 }, 9], [1e300, 1e300], [-Infinity, -Infinity]];
function pre(v) { return ++v; }
function post(v) { const old = v++; return [old, v]; }
function down(v) { return --v; }
for (let i = 0; i < 3000; i++) same(pre(i), i + 1, "warm");
for (let round = 0; round < 50; round++) for (const [start, next] of starts) {
    same(pre(start), next, `++ of ${String(start)}`);
    const [old, after] = post(start);
    same(old, Number(start), `old value of ${String(start)}++`);
    same(after, next, `new value of ${String(start)}++`);
}
same(down(-2147483648), -2147483649, "-- below int32");
same(down(0), -1, "-- of 0");
same(down(2147483648), 2147483647, "-- into int32");
same(down("5"), 4, "-- of a string");
const o = { n: 2147483640, get g() { return this.n; }, set g(v) { this.n = v; } };
for (let i = 0; i < 10; i++) o.n++;
same(o.n, 2147483650, "property ++");
for (let i = 0; i < 10; i++) --o.g;
same(o.n, 2147483640, "accessor --");
const ints = new Int32Array([2147483647, -2147483648]), bytes = new Uint8Array([255, 0]), clamped = new Uint8ClampedArray([255, 0]);
same(ints[0]++, 2147483647, "Int32Array ++ gives the old value");
same(ints[0], -2147483648, "Int32Array wraps");
same(--ints[1], -2147483649, "-- gives the value before conversion");
same(ints[1], 2147483647, "and stores it wrapped");
same([bytes[0]++, bytes[0], --bytes[1], bytes[1]].join(), "255,0,-1,255", "Uint8Array");
same([clamped[0]++, clamped[0], --clamped[1], clamped[1]].join(), "255,255,-1,0", "Uint8ClampedArray");
const list = [1, 2147483647, 0.5, "7"];
for (let i = 0; i < list.length; i++) list[i]++;
same(list.join(), "2,2147483648,1.5,8", "elements");
let big = 9223372036854775807n;
big++;
same(big, 9223372036854775808n, "BigInt ++");
let count = 0;
const key = { toString() { count++; return "k"; } }, counted = { k: 1 };
counted[key]++;
same(counted.k, 2, "computed key");
same(count, 1, "the key is converted once");
let loops = 0;
for (let i = 2147483600; i < 2147483700; i++) loops++;
same(loops, 100, "loop counter crosses 2^31");
loops = 0;
for (let i = -2147483600; i > -2147483700; i--) loops++;
same(loops, 100, "loop counter crosses -2^31");
