// about: integer indexed elements outside the bounds do not exist and stores to them are lost, whatever the index' form.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function load(a, i) { return a[i]; }
function store(a, i, x) { a[i] = x; }
const types = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
for (const Type of types) {
    const a = new Type(8).fill(7);
    for (let i = 0; i < 300; i++) same(load(a, i & 7), 7, "in bounds");
    for (const bad of [8, 9, -1, 2147483647, 2147483648, 4294967295, 4294967296, 1.5, NaN, Infinity, "8", "-0", "1.5", 1e21]) {
        for (let round = 0; round < 4; round++) {
            store(a, bad, 1);
            same(load(a, bad), undefined, `${Type.name}[${String(bad)}]`);
            same(bad in a, false, `${String(bad)} in ${Type.name}`);
            same(Object.getOwnPropertyDescriptor(a, bad), undefined, "descriptor");
        }
        same(delete a[bad], true, "deleting what is not there");
        same(Reflect.set(a, bad, 1), true, "Reflect.set pretends");
        same(Reflect.defineProperty(a, bad, { value: 1 }), false, "defineProperty does not");
    }
    same(a.join(), "7,7,7,7,7,7,7,7", "elements are untouched");
    same(Object.keys(a).length, 8, "no property was added");
    same(load(a, "3"), 7, "text index");
    same(load(a, -0), 7, "-0 is index 0");
    a.name = "x";
    a["01"] = "y";
    same(a.name + a["01"], "xy", "ordinary names");
}
function sumTo(a, n) { let s = 0; for (let i = 0; i < n; i++) s += a[i] | 0; return s; }
const ints = new Int32Array(100).fill(3);
for (let i = 0; i < 100; i++) same(sumTo(ints, 100), 300, "inside");
for (let i = 0; i < 100; i++) same(sumTo(ints, 150), 300, "running over the end");
function sumDown(a, n) { let s = 0; for (let i = n; i >= -20; i--) s += a[i] === undefined ? 0 : a[i]; return s; }
for (let i = 0; i < 100; i++) same(sumDown(ints, 99), 300, "running below 0");
const inherited = Object.create(ints);
same(inherited[5], 3, "through the prototype");
same(inherited[500], undefined, "beyond, through the prototype");
Object.prototype[500] = "leak";
same(ints[500], undefined, "the prototype of a typed array is not asked");
delete Object.prototype[500];
