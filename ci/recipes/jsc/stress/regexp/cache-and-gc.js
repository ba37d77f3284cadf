// about: compiled expressions are cached by source and flags and thrown away under memory pressure.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const made = [];
for (let i = 0; i < 1500; i++) {
    const re = new RegExp(`^(${i})(x{${i % 7}})$`, i & 1 ? "i" : "");
    const input = i + (i & 1 ? "X" : "x").repeat(i % 7);
    same(re.test(input), true, `fresh expression ${i}`);
    same(re.test(input + "y"), false, "and what it refuses");
    if (i % 50 === 0) made.push([re, input]);
}
if (typeof gc === "function") gc();
for (let i = 0; i < 40; i++) for (const [re, input] of made) same(re.exec(input)[0], input, "kept expression");
function literal() { return /shared/g; }
const a = literal(), b = literal();
same(a === b, false, "each evaluation makes a new object");
a.lastIndex = 5;
same(b.lastIndex, 0, "with a lastIndex of its own");
same(a.constructor === RegExp && Object.getOwnPropertyNames(a).join() === "lastIndex", true, "own properties");
// narrow first, wide later, and back: code for both widths
const both = /(\w+)@(\w+)\.(com|\u4e00\u56fd)/;
for (let i = 0; i < 400; i++) {
    same(both.exec(`to me${i}@host.com!`)[1], "me" + i, "narrow");
    same(both.exec(`to me${i}@host.\u4e00\u56fd!`)[3], "\u4e00\u56fd", "wide");
    same(both.exec("nobody"), null, "no match");
}
same(RegExp.$1 !== undefined, true, "legacy statics");
/(\d)(\d)/.exec("a12b");
same([RegExp.$1, RegExp.$2, RegExp.$3, RegExp.lastMatch, RegExp.leftContext, RegExp.rightContext, RegExp["$+"]].join("|"), "1|2||12|a|b|2", "what the last match left");
const big = "ab".repeat(20000);
same(big.match(/ab/g).length, 20000, "many matches");
same(big.replace(/a(b)/g, "$1").length, 20000, "many replacements");
same(big.replace(/b/g, "\u4e00").indexOf("a\u4e00"), 0, "narrow becomes wide");
