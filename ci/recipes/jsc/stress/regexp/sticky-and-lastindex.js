// about: the sticky and global flags share lastIndex, a property that may hold any value.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const sticky = /\d/y;
same(sticky.test("a1"), false, "not at 0");
sticky.lastIndex = 1;
same(sticky.test("a1"), true, "at 1");
same(sticky.lastIndex, 2, "moved on");
same(sticky.test("a1"), false, "at the end");
same(sticky.lastIndex, 0, "reset");
const tokens = /\s*(?:(\d+(?:\.\d+)?)|([-+*\/()])|(\w+))/y;
function lex(s) { const out = []; tokens.lastIndex = 0; for (let m; (m = tokens.exec(s));) out.push(m[1] ? "n" + m[1] : m[2] || "w" + m[3]); return out.join(" "); }
for (let i = 0; i < 300; i++) same(lex(`  x${i} +3.25*(y - ${i})`), `wx${i} + n3.25 * ( wy - n${i} )`, "lexer");
const g = /a/g;
for (const [start, want, after] of [[0, 1, 2], [2, 3, 4], [4, null, 0], [-1, 1, 2], [2 ** 31, null, 0], [2 ** 32 + 1, null, 0], [NaN, 1, 2], [1.9, 1, 2], ["1", 1, 2], [Infinity, null, 0]]) {
    g.lastIndex = start;
    const m = g.exec("bab" + "a");
    same(m ? m.index : null, want, `match from ${start}`);
    same(g.lastIndex, after, `lastIndex after ${start}`);
}
let converted = 0;
const plain = /b/;
plain.lastIndex = { valueOf() { converted++; return 7; } };
same(plain.test("ab"), true, "neither global nor sticky");
same(converted, 1, "but lastIndex is converted");
same(typeof plain.lastIndex, "object", "and left alone");
const frozen = Object.freeze(/x/g);
let e;
try { frozen.test("y"); } catch (x) { e = x; }
same(e instanceof TypeError, true, "frozen lastIndex");
same("aab".replace(/a/y, "x"), "xab", "sticky replace");
same("aaba".replace(/a/gy, "x"), "xxba", "global and sticky replace");
same("aaba".match(/a/gy).length, 2, "global and sticky match");
same("baa".match(/a/gy), null, "sticky at the start only");
same("a,b,c".split(/,/y).join("|"), "a|b|c", "split minds no stickiness");
const u = /\udf06/u;
u.lastIndex = 1;
same(u.exec("\ud834\udf06"), null, "a tail is no character");
same([..."a-b-c".matchAll(/-/g)].length, 2, "matchAll");
for (const flags of ["", "g", "i", "m", "s", "u", "y", "gimsuy"]) same(new RegExp("x", flags).flags, [...flags].sort().join(""), "flags");
for (const bad of ["gg", "x", "G", "uv"]) { let error; try { new RegExp("x", bad); } catch (x) { error = x; } if (!(error instanceof SyntaxError)) throw new Error(`flags ${bad}: got ${error}`); }
