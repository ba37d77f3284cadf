// about: little-endian packing and additive constants from the sine function.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const K = new Int32Array(64).map((_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 4294967296));
same(K[0] >>> 0, 0xD76AA478, "first constant");
same(K[63] >>> 0, 0xEB86D391, "last constant");
const S = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
function md5(message) {
    const length = message.length, padded = new Uint8Array((length + 72) >> 6 << 6), view = new DataView(padded.buffer);
    padded.set(message);
    padded[length] = 0x80;
    view.setUint32(padded.length - 8, length << 3, true);
    let a0 = 0x67452301, b0 = 0xEFCDAB89 | 0, c0 = 0x98BADCFE | 0, d0 = 0x10325476;
    for (let at = 0; at < padded.length; at += 64) {
        let a = a0, b = b0, c = c0, d = d0;
        for (let i = 0; i < 64; i++) {
            let f, g;
            switch (i >> 4) {
            case 0: f = (b & c) | (~b & d); g = i; break;
            case 1: f = (d & b) | (~d & c); g = (5 * i + 1) & 15; break;
            case 2: f = b ^ c ^ d; g = (3 * i + 5) & 15; break;
            default: f = c ^ (b | ~d); g = (7 * i) & 15;
            }
            const sum = (a + f + K[i] + view.getInt32(at + 4 * g, true)) | 0, s = S[(i >> 4) * 4 + (i & 3)];
            a = d; d = c; c = b;
            b = (b + ((sum << s) | (sum >>> (32 - s)))) | 0;
        }
        a0 = (a0 + a) | 0; b0 = (b0 + b) | 0; c0 = (c0 + c) | 0; d0 = (d0 + d) | 0;
    }
    const out = new DataView(new ArrayBuffer(16));
    [a0, b0, c0, d0].forEach((x, i) => out.setInt32(4 * i, x, true));
    return Array.from(new Uint8Array(out.buffer), b => b.toString(16).padStart(2, "0")).join("");
}
const bytes = s => Uint8Array.from(s, c => c.charCodeAt(0));
for (const [s, want] of [["", "d41d8cd98f00b204e9800998ecf8427e"], ["a", "0cc175b9c0f1b6a831c399e269772661"], ["abc", "900150983cd24fb0d6963f7d28e17f72"], ["message digest", "f96b697d7cb7938d525a2f31aaf161d0"], ["abcdefghijklmnopqrstuvwxyz", "c3fcd3d76192e4007dfb496cca67e13b"],
    ["1234567890".repeat(8), "57edf4a22be3c955ac49da2e2107b67a"], ["x".repeat(20000), "e5d2c6fe7777b38038eb8315e1f5c734"]]) same(md5(bytes(s)), want, `md5 of ${s.slice(0, 20)}`);
