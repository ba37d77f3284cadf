// about: switches become jump tables on ints, hash tables on texts, or compare chains; the bounds of a table are int32 arithmetic.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function ints(x) { switch (x) { case 0: return "zero"; case 1: return "one"; case 2: return "two"; case 3: return "three"; case 4: return "four"; case 5: return "five"; case 7: return "seven"; case 9: return "nine"; case -1: return "minus"; default: return "none"; } }
function edges(x) { switch (x) { case 2147483647: return "max"; case 2147483646: return "max-1"; case 2147483645: return "max-2"; case 2147483644: return "max-3"; default: return "none"; } }
function sparse(x) { switch (x) { case 0: return 0; case 1000: return 1; case 1000000: return 2; case 1000000000: return 3; case 2147483647: return 4; default: return -1; } }
function doubles(x) { switch (x) { case 0.5: return "half"; case 1.5: return "one and a half"; case NaN: return "never"; case -0: return "zero"; case Infinity: return "inf"; case 4294967295: return "u32"; default: return "none"; } }
function texts(x) { switch (x) { case "a": return 1; case "b": return 2; case "ab": return 3; case "\u4e00": return 4; case "": return 5; case "abc": return 6; default: return 0; } }
function chars(x) { switch (x) { case "a": return 1; case "b": return 2; case "c": return 3; case "z": return 4; case "\u4e00": return 5; default: return 0; } }
function mixed(x) { switch (x) { case 1: return "number"; case "1": return "text"; case true: return "true"; case null: return "null"; case undefined: return "undefined"; case 1n: return "bigint"; default: return "other"; } }
for (let round = 0; round < 300; round++) {
    for (const [x, want] of [[0, "zero"], [-0, "zero"], [1, "one"], [5, "five"], [6, "none"], [7, "seven"], [8, "none"], [9, "nine"], [10, "none"], [-1, "minus"], [-2, "none"], [1.5, "none"], ["1", "none"], [NaN, "none"], [4294967296, "none"], [2147483648, "none"], [1e300, "none"], [true, "none"]]) same(ints(x), want, `ints ${String(x)}`);
    for (const [x, want] of [[2147483647, "max"], [2147483644, "max-3"], [2147483643, "none"], [-2147483648, "none"], [2147483648, "none"], [-2147483649, "none"], [0, "none"]]) same(edges(x), want, `edges ${x}`);
    for (const [x, want] of [[0, 0], [1000, 1], [1000000, 2], [1000000000, 3], [2147483647, 4], [1001, -1], [1e10, -1]]) same(sparse(x), want, `sparse ${x}`);
    for (const [x, want] of [[0.5, "half"], [1.5, "one and a half"], [NaN, "none"], [0, "zero"], [-0, "zero"], [Infinity, "inf"], [4294967295, "u32"], [-1, "none"], [1, "none"]]) same(doubles(x), want, `doubles ${x}`);
    for (const [x, want] of [["a", 1], ["a" + "b", 3], ["abc".slice(0, 1), 1], ["\u4e00", 4], ["", 5], ["abcd".slice(0, 3), 6], ["A", 0], [97, 0], [null, 0], [["a"], 0], [new String("a"), 0]]) same(texts(x), want, `texts ${String(x)}`);
    for (const [x, want] of [["a", 1], ["z", 4], ["\u4e00", 5], ["y", 0], ["", 0], ["ab", 0], ["\u0161", 0]]) same(chars(x), want, `chars ${x}`);
    for (const [x, want] of [[1, "number"], ["1", "text"], [true, "true"], [null, "null"], [undefined, "undefined"], [1n, "bigint"], [1.0, "number"], [false, "other"], [{}, "other"]]) same(mixed(x), want, `mixed ${String(x)}`);
}
function through(x) { const out = []; switch (x) { case 1: out.push(1); case 2: out.push(2); break; default: out.push("d"); case 3: out.push(3); } return out.join(); }
same([1, 2, 3, 9].map(through).join("|"), "1,2|2|3|d,3", "falling through");
let evaluated = "";
const probe = x => { evaluated += x; return x; };
switch (3) { case probe(1): case probe(2): case probe(3): case probe(4): }
same(evaluated, "123", "cases are evaluated up to the match");
function scoped(x) { switch (x) { case 0: let y = "set"; return y; case 1: y = 1; return y; } }
let e;
try { scoped(1); } catch (z) { e = z; }
same(e instanceof ReferenceError, true, "one scope for all cases");
const named = new Function("x", "switch (x) {" + Array.from({ length: 300 }, (_, i) => `case "key${i}": return ${i};`).join("") + "} return -1;");
for (let i = 0; i < 400; i++) same(named("key" + i), i < 300 ? i : -1, "300 texts");
