// about: strings of 8-bit and 16-bit units must be the same string when their characters are; the choice is the engine's.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const samples = ["", "a", "\u007f", "\u0080", "\u00ff", "caf\u00e9", "\u00e9\u00e8\u00ff", "0123456789", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\u00ff", " x\u00a0"];
const widen = s => ("\u4e00" + s).slice(1); // units of 16 bits with narrow contents
const widenByMap = s => Array.from(s + "\u4e00").slice(0, -1).join("");
for (const s of samples) for (const w of [widen(s), widenByMap(s), (s + "\u4e00").replace("\u4e00", ""), JSON.parse('"' + s + "\u4e00\"").slice(0, -1)]) {
    same(w, s, "equal");
    same(w === s && s === w && !(w < s) && !(w > s), true, "compare");
    same(w.length, s.length, "length");
    same({ [s]: 1 }[w], 1, "key");
    same({ [w]: 1 }[s], 1, "key, the other way");
    same(new Set([s, w]).size, 1, "set");
    same(w.indexOf(s), 0, "indexOf");
    same((s + "\u4e00" + w).lastIndexOf(s), s.length + 1, "lastIndexOf");
    same(w.toUpperCase(), s.toUpperCase(), "upper case");
    same(w.trim(), s.trim(), "trim");
    same(w.split("").join("."), s.split("").join("."), "split");
    same(encodeURIComponent(w), encodeURIComponent(s), "encodeURIComponent");
    same(JSON.stringify(w), JSON.stringify(s), "JSON");
    same(w.replace(/./g, "$&$&"), s.replace(/./g, "$&$&"), "replace");
    same(parseFloat(w), parseFloat(s), "parseFloat");
    same(Number(w), Number(s), "Number");
    same(w.localeCompare(s), 0, "localeCompare");
    same([w, s].sort()[0], s, "sort");
    same(w.padEnd(80, "\u00e9") === s.padEnd(80, "\u00e9"), true, "padEnd");
}
for (const [a, b] of [["a", "\u4e00"], ["\u00ff", "\u0100"], ["abc\u00ff", "abc\u0100"], ["", "\u0100"], ["\ud7ff", "\ud800"], ["\uffff", "\uffff\u0000"], ["z", "\u00e9"]]) {
    same(a < b, true, "order by units");
    same(b > a, true, "order by units, the other way");
    same(widen(a) < b, true, "order with a wide operand");
    same([b, a].sort().join() === [a, b].join(), true, "sort by units");
}
for (let i = 0; i < 65536; i += 37) {
    const c = String.fromCharCode(i);
    same(c.charCodeAt(0), i, "fromCharCode");
    same((c + "a").charCodeAt(0) + (c + "\u4e00").charCodeAt(0), 2 * i, "in both widths");
}
let n = 0;
const mixed = "a\u00ffb\u0100c\uffff".repeat(500);
for (let i = 0; i < mixed.length; i++) n = (n * 31 + mixed.charCodeAt(i)) | 0;
same(n, -518267168, "hash over a mixed string");
