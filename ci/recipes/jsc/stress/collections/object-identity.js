// about: objects are hashed by address or by a number given late; moving between strong and weak collections, deletes and
// collections must not lose the hash.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const objects = Array.from({ length: 3000 }, (_, i) => (i % 4 === 0 ? { i } : i % 4 === 1 ? [i] : i % 4 === 2 ? () => i : Object.freeze({ i })));
const map = new Map(), set = new Set(), weak = new WeakMap();
objects.forEach((o, i) => { map.set(o, i); set.add(o); if (i % 3 === 0) weak.set(o, i); });
if (typeof fullGC === "function") fullGC();
objects.forEach((o, i) => { if (map.get(o) !== i || !set.has(o) || weak.get(o) !== (i % 3 === 0 ? i : undefined)) throw new Error(`object ${i} was lost`); });
for (let i = 0; i < 3000; i += 2) { map.delete(objects[i]); set.delete(objects[i]); }
objects.forEach((o, i) => { if (map.has(o) !== !!(i & 1) || set.has(o) !== !!(i & 1)) throw new Error(`object ${i} after deletes`); });
for (const o of objects) if (typeof o === "object" && !Object.isFrozen(o)) o.extra = 1;
objects.forEach((o, i) => { if (i & 1 && map.get(o) !== i) throw new Error(`object ${i} after a change of shape`); });
let n = 0;
for (const [o, i] of map) { if (objects[i] !== o) throw new Error(`entry ${i}`); n++; }
same(n, 1500, "entries");
const symbols = Array.from({ length: 500 }, (_, i) => Symbol(i % 5)), bySymbol = new Map(symbols.map((s, i) => [s, i]));
symbols.forEach((s, i) => same(bySymbol.get(s), i, "symbols"));
const functions = new Map();
function make() { return function () {}; }
for (let i = 0; i < 500; i++) functions.set(make(), i);
same(functions.size, 500, "closures of one function are distinct");
const nested = new Map();
for (let i = 0; i < 100; i++) nested.set(i ? {} : undefined, i);
same(nested.get(undefined), 0, "undefined as a key");
const cache = new Map();
const lru = (k, limit) => { if (cache.has(k)) { const v = cache.get(k); cache.delete(k); cache.set(k, v); return v; } cache.set(k, k * 2); if (cache.size > limit) cache.delete(cache.keys().next().value); return k * 2; };
for (let i = 0; i < 6000; i++) same(lru((i * i) % 97, 20), ((i * i) % 97) * 2, "least recently used");
same(cache.size, 20, "its size");
const graph = new Map(Array.from({ length: 400 }, (_, i) => [i, [(i * 7 + 1) % 400, (i * 3 + 2) % 400]]));
const reached = new Set([0]), queue = [0];
while (queue.length) for (const next of graph.get(queue.shift())) if (!reached.has(next)) { reached.add(next); queue.push(next); }
same(reached.size, 320, "reachable nodes");
const words = "to be or not to be that is the question whether tis nobler".split(" "), counts = new Map();
for (let r = 0; r < 100; r++) for (const w of words) counts.set(w, (counts.get(w) ?? 0) + 1);
same([...counts].map(([w, c]) => w + c).slice(0, 3).join(), "to200,be200,or100", "counted words");
