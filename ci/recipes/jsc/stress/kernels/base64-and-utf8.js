// about: bit fields across byte borders, and text to bytes and back.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", decodeTable = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) decodeTable[alphabet.charCodeAt(i)] = i;
function encode(b) {
    let out = "", i = 0;
    for (; i + 2 < b.length; i += 3) { const n = b[i] << 16 | b[i + 1] << 8 | b[i + 2]; out += alphabet[n >> 18] + alphabet[n >> 12 & 63] + alphabet[n >> 6 & 63] + alphabet[n & 63]; }
    if (i + 1 === b.length) out += alphabet[b[i] >> 2] + alphabet[(b[i] & 3) << 4] + "==";
    else if (i + 2 === b.length) out += alphabet[b[i] >> 2] + alphabet[(b[i] & 3) << 4 | b[i + 1] >> 4] + alphabet[(b[i + 1] & 15) << 2] + "=";
    return out;
}
function decode(s) {
    const pad = s.endsWith("==") ? 2 : s.endsWith("=") ? 1 : 0, out = new Uint8Array(s.length / 4 * 3 - pad);
    for (let i = 0, o = 0; i < s.length; i += 4) {
        let n = 0;
        for (let k = 0; k < 4; k++) n = n << 6 | (s[i + k] === "=" ? 0 : decodeTable[s.charCodeAt(i + k)]);
        for (let k = 16; k >= 0 && o < out.length; k -= 8) out[o++] = n >> k;
    }
    return out;
}
const utf8 = s => Uint8Array.from(unescape(encodeURIComponent(s)), c => c.charCodeAt(0)), fromUtf8 = b => decodeURIComponent(escape(String.fromCharCode(...b)));
for (const [plain, coded] of [["", ""], ["f", "Zg=="], ["fo", "Zm8="], ["foo", "Zm9v"], ["foob", "Zm9vYg=="], ["fooba", "Zm9vYmE="], ["foobar", "Zm9vYmFy"], ["\u20ac\u{1F600}\u00ff", "4oKs8J+YgMO/"]]) {
    same(encode(utf8(plain)), coded, `encode ${plain}`);
    same(fromUtf8(decode(coded)), plain, `decode ${coded}`);
}
let seed = 99;
for (let n = 0; n < 120; n++) {
    const b = new Uint8Array(n * 3 + n % 3);
    for (let i = 0; i < b.length; i++) { seed = (Math.imul(seed, 22695477) + 1) | 0; b[i] = seed >>> 16; }
    const coded = encode(b), back = decode(coded);
    same(coded.length, Math.ceil(b.length / 3) * 4, "length");
    if (back.length !== b.length) throw new Error(`length ${n}`);
    for (let i = 0; i < b.length; i++) if (back[i] !== b[i]) throw new Error(`byte ${i} of ${b.length}`);
}
const all = Uint8Array.from({ length: 256 }, (_, i) => i);
same(encode(all).slice(0, 16) + encode(all).slice(-12), "AAECAwQFBgcICQoL" + "+fr7/P3+/w==", "all bytes");
function decodeUtf8(b) { // a strict decoder, with the replacement of maximal parts
    let out = "";
    for (let i = 0; i < b.length;) {
        const c = b[i++];
        if (c < 0x80) { out += String.fromCharCode(c); continue; }
        let need = c >= 0xC2 && c <= 0xDF ? 1 : c >= 0xE0 && c <= 0xEF ? 2 : c >= 0xF0 && c <= 0xF4 ? 3 : 0, cp = c & (0x3F >> need), low = c === 0xE0 ? 0xA0 : c === 0xF0 ? 0x90 : 0x80, high = c === 0xED ? 0x9F : c === 0xF4 ? 0x8F : 0xBF;
        if (!need) { out += "\ufffd"; continue; }
        while (need && i < b.length && b[i] >= low && b[i] <= high) { cp = cp << 6 | b[i++] & 63; need--; low = 0x80; high = 0xBF; }
        out += need ? "\ufffd" : String.fromCodePoint(cp);
    }
    return out;
}
for (const [list, want] of [[[0xE2, 0x82, 0xAC], "\u20ac"], [[0xF0, 0x9F, 0x98, 0x80], "\u{1F600}"], [[0xC0, 0x80], "\ufffd\ufffd"], [[0xE2, 0x82], "\ufffd"], [[0xED, 0xA0, 0x80], "\ufffd\ufffd\ufffd"], [[0xF0, 0x80, 0x80, 0x80], "\ufffd\ufffd\ufffd\ufffd"], [[0x61, 0xF0, 0x9F, 0x98, 0x62], "a\ufffdb"], [[0xF4, 0x90, 0x80], "\ufffd\ufffd\ufffd"]]) for (let i = 0; i < 100; i++) same(decodeUtf8(list), want, `decode ${list}`);
const long = "\u00e9\u4e00a\u{1F600}".repeat(500);
same(decodeUtf8(utf8(long)), long, "long text");
