// about: searches use vector instructions or word-at-a-time tricks whose last bytes and byte order need care.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const naive = (s, t, from) => { for (let i = from; i + t.length <= s.length; i++) { let k = 0; while (k < t.length && s[i + k] === t[k]) k++; if (k === t.length) return i; } return -1; };
for (const filler of ["a", "\u00e9", "\u4e00"]) for (const needle of ["x", "ax", "xy", "aab", "\u00e9x", "\u4e00x", "aaaaaaaaab", "x\u0100"]) for (let n = 0; n < 70; n += 3) {
    const s = filler.repeat(n) + needle + filler.repeat(n % 7);
    const at = naive(s, needle, 0);
    same(s.indexOf(needle), at, `indexOf after ${n} of ${filler}`);
    same(s.includes(needle), true, "includes");
    same(s.lastIndexOf(needle) >= at, true, "lastIndexOf");
    same(s.indexOf(needle, at + 1), naive(s, needle, at + 1), "indexOf from the next place");
    same(s.slice(1).indexOf(needle), naive(s.slice(1), needle, 0), "unaligned start");
    same(s.search(new RegExp(needle)), at, "search");
    same(s.split(needle).join(needle), s, "split and join");
    same(s.startsWith(needle, at), true, "startsWith");
    same(s.endsWith(needle, at + needle.length), true, "endsWith");
}
const hay = "abcabcabd".repeat(300);
same(hay.indexOf("abcabd"), 3, "partial match first");
same(hay.lastIndexOf("abcabc"), 2691, "lastIndexOf");
same(hay.split("abd").length, 301, "split");
same(hay.replaceAll("abc", "-").length, 300 * 5, "replaceAll");
same(hay.replaceAll("", ".").length, 2700 * 2 + 1, "replaceAll of nothing");
same(hay.replace("abd", "[$&|$`|$']").slice(0, 20), "abcabc[abd|abcabc|ab", "replace patterns");
same("aaa".lastIndexOf("a", 1), 1, "lastIndexOf from 1");
same("aaa".lastIndexOf("a", NaN), 2, "lastIndexOf from NaN");
same("aaa".lastIndexOf("", 9), 3, "lastIndexOf of nothing");
same("abc".indexOf("", 9), 3, "indexOf of nothing");
same("abc".indexOf("c", -5), 2, "indexOf from before");
same("\u0000a\u0000".indexOf("\u0000", 1), 2, "NUL");
same("\u0100\u0001\u0100".indexOf("\u0001"), 1, "units, not bytes");
same("\u0101\u0101".indexOf("\u0001"), -1, "a byte inside a unit does not match");
same("\u4e4e\u004e".indexOf("N"), 1, "nor does its half");
for (let n = 0; n < 300; n++) { const s = "-".repeat(n) + "@"; same(s.indexOf("@"), n, "single character far off"); same((s + "\u0100").indexOf("\u0100"), n + 1, "single wide character far off"); }
