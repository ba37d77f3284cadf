// about: sorting typed arrays by bytes, sign and float order (-0 before 0, NaN last), and searching by two kinds of equality.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
let seed = 42;
function random() { seed = (Math.imul(seed, 1103515245) + 12345) | 0; return (seed >>> 8) / 16777216; }
for (const Type of [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array])
    for (const n of [0, 1, 2, 3, 17, 64, 257, 600]) {
        const a = Type.from({ length: n }, () => (random() - 0.5) * 5e9), list = Array.from(a);
        a.sort();
        list.sort((x, y) => x - y);
        for (let i = 0; i < n; i++) if (a[i] !== list[i]) throw new Error(`${Type.name} of ${n} sorted at ${i}: expected ${list[i]}, got ${a[i]}`);
        a.sort((x, y) => y - x);
        same(a.join(), list.reverse().join(), `${Type.name} of ${n} downwards`);
        if (n) same(a.reverse()[0], list[n - 1], "reverse");
    }
const floats = Float64Array.of(NaN, 1, -0, Infinity, 0, -Infinity, NaN, -1, 5e-324, -5e-324, 0, -0);
same([...floats.sort()].map(text).join(), "-Infinity,-1,-5e-324,-0,-0,0,0,5e-324,1,Infinity,NaN,NaN", "order of doubles");
same([...Float32Array.of(0, -0, NaN, -NaN, 0, -0).sort()].map(text).join(), "-0,-0,0,0,NaN,NaN", "order of singles");
same([...BigInt64Array.of(5n, -1n, 2n ** 62n, -(2n ** 63n), 0n).sort()].join(), "-9223372036854775808,-1,0,5,4611686018427387904", "order of BigInts");
same([...BigUint64Array.of(5n, -1n, 2n ** 63n, 0n).sort()].join(), "0,5,9223372036854775808,18446744073709551615", "order of unsigned BigInts");
same(Uint32Array.of(4294967295, 0, 2147483648, 2147483647).sort().join(), "0,2147483647,2147483648,4294967295", "unsigned order");
const a = Float64Array.of(1, NaN, -0, 3, 1);
same(a.indexOf(NaN), -1, "indexOf NaN");
same(a.includes(NaN), true, "includes NaN");
same(a.indexOf(0), 2, "indexOf 0 finds -0");
same(a.lastIndexOf(1), 4, "lastIndexOf");
same(a.lastIndexOf(1, -2), 0, "lastIndexOf from the end");
same(a.indexOf("1"), -1, "indexOf does not convert");
const f = Float32Array.of(0.1, 0.2);
same(f.includes(0.1), false, "0.1 is not a single");
same(f.includes(Math.fround(0.1)), true, "its rounding is");
const u = Uint8Array.of(255, 1);
same(u.includes(-1) || u.includes(511) || u.includes(1.5), false, "values out of range are never found");
same(BigInt64Array.of(-1n).includes(-1n), true, "BigInt includes");
same(u.find(x => x < 5) + u.findIndex(x => x > 5), 1, "find");
same(u.findLast(x => x > 0), 1, "findLast");
same(a.every(x => x !== 2) && a.some(x => x === 3), true, "every and some");
same(Int8Array.of(1, 2, 3).reduceRight((s, x) => s * 10 + x), 321, "reduceRight");
throws(TypeError, () => u.sort("x"), "bad comparator");
throws(TypeError, () => new Uint8Array(0).reduce((x, y) => x), "reduce of nothing");
