// about: property names are hashed, and the hash is kept beside flags in one word; many names, look-alikes and collisions.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const table = Object.create(null), list = [];
for (let i = 0; i < 4000; i++) {
    const key = (i % 3 ? "k" : "\u00e9") + (i * 2654435761 % 4294967296).toString(36) + (i % 5 ? "" : "\u3042");
    table[key] = i;
    list.push(key);
}
for (let i = 0; i < 4000; i++) {
    same(table[list[i]], i, "found by the same string");
    if (i % 8 === 0) same(table[list[i].split("").join("")], i, "found by a new string");
}
same(Object.keys(table).join() === list.join(), true, "order of insertion");
for (let i = 0; i < 4000; i += 2) delete table[list[i]];
for (let i = 0; i < 4000; i++) same(table[list[i]], i & 1 ? i : undefined, "after deletions");
same(Object.keys(table).length, 2000, "keys left");
for (let i = 0; i < 4000; i += 2) table[list[i]] = -i;
same(table[list[2]], -2, "put back");
// names built by every route are one property
const o = {};
const routes = ["constructorX", "con" + "structorX", ["constructor", "X"].join(""), "XrotcurtsnocX".slice(0, -1).split("").reverse().join(""), "constructorXYZ".slice(0, -2), String.fromCharCode(...[..."constructorX"].map(c => c.charCodeAt(0))), `construct${"orX"}`, JSON.parse('"constructorX"'), "CONSTRUCTORx".replace(/./g, c => (c < "a" ? c.toLowerCase() : c.toUpperCase()))];
routes.forEach((r, i) => { o[r] = i; });
same(Object.keys(o).length, 1, "one name by nine routes");
same(o.constructorX, 8, "its last value");
for (const name of ["__proto__x", "toString2", "valueOf ", "", " ", "\u0000", "0x1", "1.0", "-1", "NaN", "null"]) { o[name] = name; same(o[name], name, "odd name"); }
same(Object.keys(o).length, 12, "odd names are kept apart");
const symbols = new Map(), holder = {};
for (let i = 0; i < 500; i++) { const s = Symbol("same"); symbols.set(s, i); holder[s] = i; }
let ok = 0;
for (const [s, i] of symbols) if (holder[s] === i) ok++;
same(ok, 500, "symbols with one description");
same(Symbol.for("k") === Symbol.for("k") && Symbol.keyFor(Symbol.for("k")) === "k", true, "registered symbols");
same(Object.getOwnPropertySymbols(holder).length, 500, "all symbols");
function switchOn(s) { switch (s) { case "alpha": return 1; case "beta": return 2; case "\u03b3": return 3; case "": return 4; case "alphabet": return 5; case "Alpha": return 6; default: return 0; } }
for (let i = 0; i < 2000; i++) {
    same(switchOn("al" + "pha"), 1, "switch");
    same(switchOn("alphabet".slice(0, 5)), 1, "switch on a part");
    same(switchOn("\u3042\u03b3".slice(1)), 3, "switch on a wide part");
    same(switchOn(["alpha", "bet"].join("")), 5, "switch on a longer one");
    same(switchOn("alph") + switchOn("gamma") + switchOn(null), 0, "switch without a match");
}
