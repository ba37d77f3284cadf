// about: substrings share or copy their parent; flattened, collected and turned into keys in any order they stay what they are.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const base = Array.from({ length: 5000 }, (_, i) => String.fromCharCode(97 + (i * 7) % 26)).join("");
const at = i => String.fromCharCode(97 + (i * 7) % 26);
const parts = [];
for (let i = 0; i < 3000; i++) parts.push(base.substring(i, i + 1 + (i % 40)));
if (typeof gc === "function") gc();
for (let i = 0; i < 3000; i++) {
    const p = parts[i];
    same(p.length, 1 + (i % 40), "length of a part");
    same(p[0], at(i), "first of a part");
    same(p[p.length - 1], at(i + p.length - 1), "last of a part");
}
const counts = {};
for (const p of parts) counts[p] = (counts[p] || 0) + 1;
same(Object.values(counts).reduce((a, b) => a + b), 3000, "parts as keys");
same(base.slice(100, 200).slice(20, 40).slice(5, 6), at(125), "part of a part of a part");
same(base.substr(-3, 2), at(4997) + at(4998), "substr");
same(base.substring(9, 3), base.slice(3, 9), "substring swaps");
same(base.substring(NaN, 2), base.slice(0, 2), "substring from NaN");
same(base.slice(4999.9), at(4999), "slice with a fraction");
same(base.at(-5000), "a", "at");
same(base[5000], undefined, "past the end");
same(base.charAt(5000), "", "charAt past the end");
same(isNaN(base.charCodeAt(5000)), true, "charCodeAt past the end");
same(base.codePointAt(-1), undefined, "codePointAt before the start");
let digest = 0;
for (let r = 0; r < 10; r++) for (let i = 0; i < base.length; i++) digest = (Math.imul(digest, 33) ^ base.charCodeAt(i)) | 0;
same(digest, 1156766720, "digest of all characters");
same("abc".repeat(0) + "abc".repeat(3), "abcabcabc", "repeat");
same("5".padStart(3, "0") + "5".padEnd(4, "ab") + "long".padStart(2), "0055abalong", "padding");
same("\t\u00a0\ufeff\u2003x \u2029".trim() + "|" + " x ".trimStart() + "|" + " x ".trimEnd() + "|", "x|x | x|", "trim");
same(["b", "a", "c"].join(base.slice(0, 1)), "baaac", "join");
same([, null, undefined, 1].join("-"), "---1", "join of holes");
same(String.raw`a\n${1}\u0041`, "a\\n1\\u0041", "raw");
const long = "x".repeat(1 << 18) + "y";
same(long.lastIndexOf("y"), 262144, "long string");
same((long + long).slice(262140, 262150), "xxxxyxxxxx", "slice over the seam");
let e;
try { "ab".repeat(2 ** 30); } catch (x) { e = x; }
same(e instanceof RangeError, true, "a string of 2^31 units is refused");
