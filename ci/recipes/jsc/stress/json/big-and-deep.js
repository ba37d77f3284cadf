// about: documents of hundreds of kilobytes, nested some thousand levels, objects of many and of the same shapes.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const records = Array.from({ length: 1500 }, (_, i) => ({ id: i, name: "name " + i, value: i / 8, big: i * 4294967296, flags: [i & 1, !!(i & 2), null], nested: { x: -i, y: { z: "\u00e9" + i } }, wide: i % 100 ? "" : "\u4e00" }));
const json = JSON.stringify(records);
same(json.length, 200675, "length");
const back = JSON.parse(json);
for (let i = 0; i < 1500; i++) {
    const r = back[i];
    same(r.id + r.value + r.big, i + i / 8 + i * 4294967296, "numbers");
    same(r.name + r.nested.y.z + r.wide, "name " + i + "\u00e9" + i + (i % 100 ? "" : "\u4e00"), "texts");
    same(r.flags.join() + r.nested.x, `${i & 1},${!!(i & 2)},${i ? -i : 0}`, "rest");
}
same(JSON.stringify(back), json, "again the same");
same(JSON.stringify(JSON.parse(JSON.stringify(back, null, 1))), json, "indented and back");
let deep = 7;
for (let i = 0; i < 1000; i++) deep = i & 1 ? [deep] : { d: deep };
const deepText = JSON.stringify(deep);
let x = JSON.parse(deepText), depth = 0;
while (typeof x === "object") { x = Array.isArray(x) ? x[0] : x.d; depth++; }
same(depth + x, 1007, "a thousand levels");
const wide = {};
for (let i = 0; i < 3000; i++) wide["key" + i * 7] = i;
same(Object.keys(JSON.parse(JSON.stringify(wide))).join(), Object.keys(wide).join(), "three thousand names in order");
const numbers = Array.from({ length: 4000 }, (_, i) => (i % 4 === 0 ? i : i % 4 === 1 ? -i / 3 : i % 4 === 2 ? i * 1e18 : i * 1e-9));
const numbersBack = JSON.parse(JSON.stringify(numbers));
for (let i = 0; i < 4000; i++) same(numbersBack[i], numbers[i], "number");
const units = Array.from({ length: 20000 }, (_, i) => String.fromCharCode(i % 1000)).join("");
same(JSON.parse(JSON.stringify(units)), units, "text with every low unit");
same(JSON.parse(" ".repeat(50000) + "[1]" + "\n".repeat(50000))[0], 1, "white space");
let count = 0;
JSON.parse(json, (k, v) => { count++; return v; });
same(count, 1500 * 14 + 1, "reviver calls");
const huge = "[" + "0,".repeat(30000) + "0]";
same(JSON.parse(huge).length, 30001, "thirty thousand zeros");
