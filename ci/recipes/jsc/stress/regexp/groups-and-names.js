// about: named groups, indices, back references, and the replacement language around them.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
const date = /(?<year>\d{4})-(?<month>\d\d)-(?<day>\d\d)/;
for (let i = 0; i < 500; i++) {
    const y = 1000 + i * 17, m = date.exec(`on ${y}-0${1 + i % 9}-11.`);
    same(m.groups.year, String(y), "year");
    same(m.groups.month + m.groups.day, `0${1 + i % 9}11`, "month and day");
    same(m.index, 3, "index");
    same(Object.keys(m.groups).join(), "year,month,day", "order of names");
}
same("2038-01-19".replace(date, "$<day>.$<month>.$<year>"), "19.01.2038", "names in a replacement");
same("2038-01-19".replace(date, "$3/$2/$1 $$ $& $9 $10"), "19/01/2038 $ 2038-01-19 $9 20380", "numbers in a replacement");
same("2038-01-19".replace(date, (...a) => JSON.stringify(a[a.length - 1])), '{"year":"2038","month":"01","day":"19"}', "names for a function");
same("ab".replace(/(?<x>a)|(?<y>b)/g, "[$<x>|$<y>]"), "[a|][|b]", "missing names are empty");
same("ab".replace(/(?<x>a)/, "$<z>|$<x"), "|$<xb", "unknown and unfinished names");
same("ab".replace(/(a)/, "$<x>"), "$<x>b", "no names at all");
same(/(?<q>["']).*?\k<q>/.exec(`say "it's" now`)[0], `"it's"`, "named back reference");
same(/\k<a>(?<a>x)/.test("x"), true, "reference before its group");
same(/(?<\u03c0>\d+)/.exec("314").groups.\u03c0, "314", "name beyond ASCII");
same(/(?<$_>x)/u.exec("x").groups.$_, "x", "name of symbols");
same(Object.getPrototypeOf(date.exec("2000-01-01").groups), null, "groups have no prototype");
same(/(a)/.exec("a").groups, undefined, "no names, no groups");
throws(SyntaxError, () => new RegExp("(?<a>x)(?<a>y)"), "one name twice");
throws(SyntaxError, () => new RegExp("(?<a>x)\\k<b>"), "unknown reference");
throws(SyntaxError, () => new RegExp("(?<1>x)"), "bad name");
const indexed = new RegExp("(?<w>b+)(c)?", "d").exec("abbd");
if (indexed.indices) {
    same(indexed.indices[0].join() + "|" + indexed.indices.groups.w.join() + "|" + indexed.indices[2], "1,3|1,3|undefined", "indices");
    same(/(?<=\u{1F600})(.)/du.exec("a\u{1F600}bc").indices[1].join(), "3,4", "indices count units");
}
same("x1y22z333".split(/(\d+)/).join("|"), "x|1|y|22|z|333|", "split keeps groups");
same([..."a1b2".matchAll(/([a-z])(\d)/g)].map(m => m[2] + m[1] + m.index).join(), "1a0,2b2", "matchAll");
same("aaa".replace(/a/g, (m, at) => at), "012", "function with places");
same("abc".replace(/(?:)/g, "-"), "-a-b-c-", "empty matches");
same("\u{1F600}".replace(/(?:)/gu, "-"), "-\u{1F600}-", "empty matches by characters");
same(/(?:(?<a>x)|(?<b>y))+/.exec("xy").groups.a, undefined, "groups are reset in a repetition");
