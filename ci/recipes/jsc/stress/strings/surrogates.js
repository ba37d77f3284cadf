// about: pairs, lone halves and their order; 16-bit units are read as 32-bit words in places, where byte order matters.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const face = "\u{1F600}", lone = "\ud83d", tail = "\ude00";
same(lone + tail, face, "two halves join");
same(face.length, 2, "length");
same(face.charCodeAt(0), 0xD83D, "first unit");
same(face.charCodeAt(1), 0xDE00, "second unit");
same(face.codePointAt(0), 0x1F600, "code point");
same(face.codePointAt(1), 0xDE00, "code point of the tail");
same([...("a" + face + lone + "b" + tail)].map(c => c.codePointAt(0).toString(16)).join(), "61,1f600,d83d,62,de00", "iteration");
same(Array.from(tail + lone).length, 2, "halves in the wrong order stay apart");
same(face.split("").length, 2, "split by units");
same(face.at(-1), tail, "at");
same(face.slice(0, 1), lone, "slice");
same(face.indexOf(tail), 1, "indexOf finds a half");
same(face > "\uffff", false, "order is by units");
same([face, "\uffff", "\ud7ff"].sort().map(s => s.charCodeAt(0).toString(16)).join(), "d7ff,d83d,ffff", "sort is by units");
same(String.fromCodePoint(0x10FFFF, 0x41, 0xD800), "\udbff\udfffA\ud800", "fromCodePoint");
for (const bad of [-1, 0x110000, 1.5, NaN]) { let e; try { String.fromCodePoint(bad); } catch (x) { e = x; } if (!(e instanceof RangeError)) throw new Error(`fromCodePoint(${bad}): got ${e}`); }
let checked = 0;
for (let cp = 0x10000; cp <= 0x10FFFF; cp += 0x3F7) {
    const s = String.fromCodePoint(cp);
    if (s.length !== 2 || s.codePointAt(0) !== cp || [...s].length !== 1) throw new Error(`code point ${cp.toString(16)}`);
    const high = 0xD800 + (cp - 0x10000 >> 10), low = 0xDC00 + (cp & 0x3FF);
    if (s !== String.fromCharCode(high, low)) throw new Error(`pair of ${cp.toString(16)}`);
    if (decodeURIComponent(encodeURIComponent(s)) !== s) throw new Error(`URI of ${cp.toString(16)}`);
    checked++;
}
same(checked, 1034, "code points");
same(encodeURIComponent(face), "%F0%9F%98%80", "UTF-8 of a pair");
for (const s of [lone, tail, tail + lone, "a" + lone]) { let e; try { encodeURIComponent(s); } catch (x) { e = x; } if (!(e instanceof URIError)) throw new Error(`encodeURIComponent of a lone half: got ${e}`); }
same(JSON.stringify(lone + face + tail), '"\\ud83d' + face + '\\ude00"', "JSON escapes lone halves");
same(/^.$/u.test(face), true, "one character to a unicode expression");
same(/^.$/.test(face), false, "two to another");
same("\u{1D400}".toLowerCase(), "\u{1D400}", "no case");
same("\u{10400}".toLowerCase(), "\u{10428}", "lower case beyond 16 bits");
same("\u{10428}\u{1E943}".toUpperCase(), "\u{10400}\u{1E921}", "upper case beyond 16 bits");
same((face + "x").padStart(6, "\u{1F601}").length, 6, "padStart counts units");
same(face.normalize("NFC"), face, "normalize");
if (String.prototype.isWellFormed) {
    same([face, lone, "a" + tail, tail + lone].map(s => s.isWellFormed()).join(), "true,false,false,false", "isWellFormed");
    same((lone + "a" + tail + face).toWellFormed(), "\ufffda\ufffd" + face, "toWellFormed");
}
const o = { [lone]: 1, [face]: 2, [tail]: 3 };
same(o["\ud83d"] + o["\ud83d\ude00"] * 10 + o["\ude00"] * 100, 321, "keys");
let many = "";
for (let i = 0; i < 3000; i++) many += i & 1 ? lone : tail;
same([...many].length, 1501, "halves that pair up");
