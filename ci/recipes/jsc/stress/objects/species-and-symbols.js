// about: well-known symbols reroute built-in operations; fast paths have to notice.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
class Tracked extends Array { static made = 0; constructor(...a) { super(...a); Tracked.made++; } }
const t = Tracked.from([3, 1, 2]);
for (const [name, result] of [["map", t.map(x => x)], ["filter", t.filter(() => true)], ["slice", t.slice()], ["splice", t.slice().splice(0, 1)], ["concat", t.concat([9])], ["flat", t.flat()], ["flatMap", t.flatMap(x => [x])]])
    same(result instanceof Tracked, true, `species in ${name}`);
same(Tracked.made >= 8, true, "constructor ran");
class Plain extends Array { static get [Symbol.species]() { return Array; } }
same(new Plain(1, 2, 3).map(x => x) instanceof Plain, false, "species back to Array");
same(new Plain(1, 2, 3).map(x => x * 2).join(), "2,4,6", "values");
class Odd extends Array { static get [Symbol.species]() { return function (n) { return { length: 0, tag: "odd" + n }; }; } }
same(Odd.from([1, 2]).map(x => x + 1).tag, "odd2", "species may be anything");
class Range { constructor(n) { this.n = n; } *[Symbol.iterator]() { for (let i = 0; i < this.n; i++) yield i; } get [Symbol.toStringTag]() { return "Range"; } [Symbol.toPrimitive](hint) { return hint === "number" ? this.n : hint === "string" ? `0..${this.n}` : "d" + this.n; } static [Symbol.hasInstance](v) { return v === 5 || Function.prototype[Symbol.hasInstance].call(this, v); } }
const r = new Range(4);
for (let i = 0; i < 300; i++) {
    same([...r].join(), "0,1,2,3", "iterator");
    same(+r, 4, "hint number");
    same(`${r}`, "0..4", "hint string");
    same(r + 1, "d41", "hint default");
    same(Object.prototype.toString.call(r), "[object Range]", "tag");
    same(5 instanceof Range && r instanceof Range && !(6 instanceof Range), true, "hasInstance");
}
same([0].concat({ [Symbol.isConcatSpreadable]: true, length: 2, 0: "a", 1: "b" }).join(), "0,a,b", "spreadable");
same([0].concat(Object.assign([1, 2], { [Symbol.isConcatSpreadable]: false })).length, 2, "not spreadable");
const scope = { hidden: 1, seen: 2, [Symbol.unscopables]: { hidden: true } }, hidden = "outer";
same(new Function("scope", "hidden", "with (scope) return hidden + seen")(scope, "outer"), "outer2", "unscopables");
const original = Array.prototype[Symbol.iterator];
Array.prototype[Symbol.iterator] = function* () { yield "patched"; };
same([...[1, 2, 3]].join(), "patched", "patched iterator in spread");
const [first] = [7];
same(first, "patched", "patched iterator in destructuring");
Array.prototype[Symbol.iterator] = original;
same([...[1, 2, 3]].join(), "1,2,3", "and restored");
const next = Object.getPrototypeOf([][Symbol.iterator]()).next, proto = Object.getPrototypeOf([][Symbol.iterator]());
let n = 0;
proto.next = function () { n++; return next.call(this); };
same(Math.max(...[1, 5, 3]), 5, "patched next");
same(n, 4, "was called");
proto.next = next;
const sym = Symbol("desc");
same(sym.description + String(sym) + Object(sym).toString(), "descSymbol(desc)Symbol(desc)", "description");
for (const f of [() => sym + "", () => +sym, () => `${sym}`, () => sym * 2, () => new Symbol()]) { let e; try { f(); } catch (x) { e = x; } if (!(e instanceof TypeError)) throw new Error(`${f}: got ${e}`); }
same(Object.keys({ [sym]: 1 }).length + JSON.stringify({ [sym]: 1 }), "0{}", "symbols are not keys for these");
same("abc".replace({ [Symbol.replace]: (s, r) => `${s}/${r}` }, "r"), "abc/r", "Symbol.replace");
