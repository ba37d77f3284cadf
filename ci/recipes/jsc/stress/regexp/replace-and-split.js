// about: the generic paths (species, custom exec) and the fast ones must give the same; results of hundreds of kilobytes.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const csv = Array.from({ length: 400 }, (_, i) => `${i},"a ""${i}""",${i / 4}`).join("\n");
const rows = csv.split(/\r?\n/).map(line => [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,"]*))/g)].map(m => m[1] !== undefined ? m[1].replace(/""/g, '"') : m[2]));
same(rows.length, 400, "rows");
for (let i = 0; i < 400; i++) same(rows[i].join("|"), `${i}|a "${i}"|${i / 4}`, "fields");
const html = "<p class=x>a &amp; b</p>".repeat(300);
same(html.replace(/<[^>]*>/g, "").replace(/&amp;/g, "&"), "a & b".repeat(300), "tags");
same(html.replace(/<(\/?)(\w+)([^>]*)>/g, (m, slash, name, rest) => `[${slash}${name.toUpperCase()}${rest.length}]`), "[P8]a &amp; b[/P0]".repeat(300), "function");
let n = 0;
same("x".repeat(5000).replace(/x/g, () => (n++ % 10)), "0123456789".repeat(500), "five thousand calls");
same("aXbX".split(/x/i, 2).join("|"), "a|b", "split with a limit");
same("abc".split(/(?:)/).join("|"), "a|b|c", "split by nothing");
same("".split(/x/).length + "".split(/(?:)/).length, 1, "split of nothing");
same("abc".split(/(b)|(z)/).map(String).join("|"), "a|b|undefined|c", "split with groups");
same("test".split(/t/, -1).join("|"), "|es|", "split with limit -1 is 2^32 - 1");
same("test".split(/t/, 4294967297).join("|"), "", "limit wraps to 1");
class Loud extends RegExp { exec(s) { const m = super.exec(s); if (m) m[0] = m[0].toUpperCase(); return m; } }
same("abcabc".replace(new Loud("b", "g"), "[$&]"), "a[B]ca[B]c", "own exec");
same("abc".match(new Loud("b"))[0], "B", "match with own exec");
const re = /b/g;
re.exec = () => null;
same("abc".replace(re, "x"), "abc", "exec on the object");
same("aaa".search({ [Symbol.search]: () => 42 }), 42, "Symbol.search");
same("a.b".split({ [Symbol.split]: (s, l) => s + l }, 3), "a.b3", "Symbol.split");
same("abc".replaceAll(/./g, "$&$&"), "aabbcc", "replaceAll");
let e;
try { "abc".replaceAll(/b/, "x"); } catch (x) { e = x; }
same(e instanceof TypeError, true, "replaceAll needs the global flag");
same(RegExp.prototype.toString.call({ source: "s", flags: "f" }), "/s/f", "toString is generic");
same(new RegExp("/").source + new RegExp("").source + new RegExp("\n").source, "\\/(?:)\\n", "source");
same(String(new RegExp(/a/g, "i")), "/a/i", "copy with other flags");
same(/[/]\//.source, "[/]\\/", "slash in a class");
