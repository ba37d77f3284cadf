// about: concatenation builds trees that are flattened late; their nodes pack pointers, lengths and flags into words whose
// layout depends on the width of pointers.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
let s = "";
for (let i = 0; i < 20000; i++) s += "ab"[i & 1];
same(s.length, 20000, "length of a left rope");
same(s.charCodeAt(19999), 98, "last of a left rope");
same(s.slice(9999, 10003), "baba", "middle");
let right = "";
for (let i = 0; i < 5000; i++) right = "xyz"[i % 3] + right;
same(right.slice(0, 6), "yxzyxz", "right rope");
function tree(d) { return d ? tree(d - 1) + "|" + tree(d - 1) : "n"; }
const t = tree(11);
same(t.length, 4095, "balanced rope");
same(t.split("|").length, 2048, "its parts");
same(t.indexOf("||"), -1, "no double bars");
let wide = "\u3042";
for (let i = 0; i < 12; i++) wide = wide + "a" + wide;
same(wide.length, 8191, "mixed widths");
same(wide.split("a").length, 4096, "narrow parts of a wide rope");
same(wide.codePointAt(4095), 97, "middle of a wide rope");
let double = "0123456789abcdef";
for (let i = 0; i < 16; i++) double += double;
same(double.length, 1048576, "doubling");
same(double[1048575] + double[16] + double[65537], "f01", "characters of a doubled rope");
same((double + "!").endsWith("ef!"), true, "end");
const keys = {};
for (let i = 0; i < 500; i++) keys["k" + i + "_" + (i * i)] = i;
for (let i = 0; i < 500; i++) same(keys[["k", i, "_", i * i].join("")], i, "rope as a key");
const a = "left" + s.slice(0, 3), b = "leftaba";
same(a === b, true, "rope equals flat");
same(a < b || a > b, false, "neither before the other");
same(new Map([[a, 1]]).get(b), 1, "same map key");
let sum = 0;
for (let i = 0; i < 300; i++) { const r = s + i; sum += r.length + r.charCodeAt(r.length - 1); }
same(sum, 300 * 20000 + 790 + 300 * 48 + 30 * 45, "ropes over a shared part");
const templates = [];
for (let i = 0; i < 1000; i++) templates.push(`${i}:${s.length}:${i & 1 ? "\u2603" : "x"}`);
same(templates[999] + templates[10], "999:20000:\u260310:20000:x", "templates");
same([..."ab".repeat(3) + "\u{1F600}" + "c"].length, 8, "iteration over a rope");
same(s.concat(1, null, undefined, true).slice(-18), "b1nullundefinedtrue".slice(-18), "concat converts");
