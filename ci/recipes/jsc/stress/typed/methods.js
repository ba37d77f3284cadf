// about: the methods that share one implementation over all element sizes, with species and callbacks that look at the array.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const types = [Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array, Float32Array, Float64Array];
for (const Type of types) for (let round = 0; round < 5; round++) {
    const a = Type.from([5, 1, 4, 2, 3]);
    same(a.map(x => x * 2).join(), "10,2,8,4,6", "map");
    same(a.filter((x, i) => i & 1).join(), "1,2", "filter");
    same(a.slice(1, -1).join(), "1,4,2", "slice");
    same(a.subarray(-2).join(), "2,3", "subarray");
    same(a.join("-"), "5-1-4-2-3", "join");
    same([...a.entries()].join("|"), "0,5|1,1|2,4|3,2|4,3", "entries");
    same([...a.keys()].join(), "0,1,2,3,4", "keys");
    same(a.at(-1) + a.at(0), 8, "at");
    same(a.fill(7, 1, 3).join(), "5,7,7,2,3", "fill");
    same(a.fill(9, -1).join(), "5,7,7,2,9", "fill the last");
    same(a.toString(), "5,7,7,2,9", "toString");
    same(Object.prototype.toString.call(a), `[object ${Type.name}]`, "tag");
    same(a.constructor, Type, "constructor");
    same(a.map(String)[1], 7, "map converts back");
    same(Reflect.ownKeys(a).join(), "0,1,2,3,4", "own keys");
    same(JSON.stringify(a), '{"0":5,"1":7,"2":7,"3":2,"4":9}', "JSON");
    same(Object.isFrozen(a), false, "isFrozen");
    const descriptor = Object.getOwnPropertyDescriptor(a, 1);
    same([descriptor.value, descriptor.writable, descriptor.enumerable, descriptor.configurable].join(), "7,true,true,true", "descriptor");
    same(a.toSorted ? a.toSorted().join() + a.toReversed().join() : "2,5,7,7,99,2,7,7,5", "2,5,7,7,99,2,7,7,5", "copies by toSorted and toReversed");
}
class Watched extends Int16Array {
    static get [Symbol.species]() { return Float64Array; }
}
const w = new Watched([1, 2, 3]);
same(w.map(x => x / 2).join(), "0.5,1,1.5", "species in map");
same(w.filter(x => x > 1) instanceof Float64Array, true, "species in filter");
same(w.slice(1).constructor, Float64Array, "species in slice");
same(w.slice(1).join(), "2,3", "slice converts to the species");
same(Watched.from([1.9]).constructor, Watched, "from");
same(Uint8Array.from("123", x => x * 100).join(), "100,200,44", "from text with a map");
same(Uint8Array.from({ length: 2, 0: "8", 1: "9" }).join(), "8,9", "from an array-like");
let order = "";
Uint8Array.of(1, 2).forEach(function (x, i, all) { order += `${x}${i}${all.length}${this};`; }, "t");
same(order, "102t;212t;", "forEach arguments");
same(new Float64Array([1, , 3]).join(), "1,NaN,3", "holes become NaN");
same(new Int8Array([1, , 3]).join(), "1,0,3", "holes become 0");
same(Int32Array.prototype.hasOwnProperty("length"), false, "length lives on the common prototype");
same(Object.getPrototypeOf(Int8Array) === Object.getPrototypeOf(Float64Array), true, "the common constructor");
const long = new Uint8Array(70000);
for (let i = 0; i < long.length; i++) long[i] = i % 251;
same(long.lastIndexOf(250), 69777, "lastIndexOf in a long array");
same(long.indexOf(0, 69900), -1, "indexOf in the tail");
