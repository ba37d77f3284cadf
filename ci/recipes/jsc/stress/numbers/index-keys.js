// about: integer keys above 2^31 and 2^32 - 2 stop being array indices, at places where int32, uint32 and double keys meet.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const keys = [0, 1, 2147483646, 2147483647, 2147483648, 4294967293, 4294967294, 4294967295, 4294967296, 9007199254740991];
const object = {}, array = [];
for (const k of keys) { object[k] = "o" + k; array[k] = "a" + k; }
for (let round = 0; round < 50; round++) for (const k of keys) {
    same(object[k], "o" + k, `object[${k}]`);
    same(object[String(k)], "o" + k, `object["${k}"]`);
    same(array[k], "a" + k, `array[${k}]`);
    same(array[String(k)], "a" + k, `array["${k}"]`);
    same(k in array, true, `${k} in array`);
    same(k + 1 in array, keys.includes(k + 1), `${k + 1} in array`);
}
same(array.length, 4294967295, "length counts up to index 2^32 - 2");
same(Object.keys(object).slice(0, 7).join(), keys.slice(0, 7).join(), "indices come first and in order");
same(Object.keys(object).length, keys.length, "all keys");
same(array[-1], undefined, "index -1");
array[-1] = "minus";
array[1.5] = "half";
array[-0] = "zero";
same(array["-1"], "minus", "property -1");
same(array["1.5"], "half", "property 1.5");
same(array[0], "zero", "-0 is index 0");
same(array["-0"], undefined, "the name -0 is not");
same(array.length, 4294967295, "length is unchanged");
same(array["01"], undefined, "01 is no index");
object["1e3"] = 1;
same(object[1000], undefined, "1e3 as text is no index");
same(object[1e3], undefined, "1e3 as number is 1000");
object[1e21] = "large";
same(object["1e+21"], "large", "1e21 as a name");
array.length = 3;
same(array[4294967294], undefined, "cut off");
same(array[4294967295], "a4294967295", "not an element, so not cut");
function get(o, k) { return o[k]; }
const dense = [];
for (let i = 0; i < 1000; i++) dense.push(i);
for (let i = 0; i < 4000; i++) same(get(dense, i % 1000), i % 1000, "dense");
same(get(dense, -1), undefined, "dense[-1]");
same(get(dense, 4294967295), undefined, "dense[2^32-1]");
same(get(dense, 2147483648), undefined, "dense[2^31]");
same(get(dense, 0.5), undefined, "dense[0.5]");
same(get(dense, NaN), undefined, "dense[NaN]");
same(get(dense, "7"), 7, "dense['7']");
same(get("text", 1), "e", "string index");
same(get("text", 4294967295), undefined, "string index beyond");
