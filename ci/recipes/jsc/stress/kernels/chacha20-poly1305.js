// about: quarter rounds on 32-bit words, and a 130-bit prime in BigInts; vectors from RFC 8439.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const rotl = (x, n) => (x << n) | (x >>> (32 - n));
function quarter(s, a, b, c, d) {
    s[a] += s[b]; s[d] = rotl(s[d] ^ s[a], 16); s[c] += s[d]; s[b] = rotl(s[b] ^ s[c], 12);
    s[a] += s[b]; s[d] = rotl(s[d] ^ s[a], 8); s[c] += s[d]; s[b] = rotl(s[b] ^ s[c], 7);
}
function block(key, counter, nonce) {
    const k = new DataView(key.buffer), n = new DataView(nonce.buffer), start = new Uint32Array(16);
    start.set([0x61707865, 0x3320646E, 0x79622D32, 0x6B206574]);
    for (let i = 0; i < 8; i++) start[4 + i] = k.getUint32(4 * i, true);
    start[12] = counter;
    for (let i = 0; i < 3; i++) start[13 + i] = n.getUint32(4 * i, true);
    const s = start.slice();
    for (let r = 0; r < 10; r++) {
        quarter(s, 0, 4, 8, 12); quarter(s, 1, 5, 9, 13); quarter(s, 2, 6, 10, 14); quarter(s, 3, 7, 11, 15);
        quarter(s, 0, 5, 10, 15); quarter(s, 1, 6, 11, 12); quarter(s, 2, 7, 8, 13); quarter(s, 3, 4, 9, 14);
    }
    const out = new DataView(new ArrayBuffer(64));
    for (let i = 0; i < 16; i++) out.setUint32(4 * i, s[i] + start[i], true);
    return new Uint8Array(out.buffer);
}
const bytes = h => Uint8Array.from(h.replace(/\s/g, "").match(/../g), x => parseInt(x, 16)), hex = a => Array.from(a, x => x.toString(16).padStart(2, "0")).join("");
const s = new Uint32Array([0x11111111, 0x01020304, 0x9B8D6F43, 0x01234567]);
quarter(s, 0, 1, 2, 3);
same(hex(new Uint8Array(Array.from(s).flatMap(x => [x >>> 24, x >>> 16, x >>> 8, x]))), "ea2a92f4cb1cf8ce4581472e5881c4bb", "quarter round");
const key = Uint8Array.from({ length: 32 }, (_, i) => i), nonce = bytes("000000090000004a00000000");
same(hex(block(key, 1, nonce)), "10f1e7e4d13b5915500fdd1fa32071c4c7d1f4c733c068030422aa9ac3d46c4ed2826446079faa0914c2d705d98b02a2b5129cd1de164eb9cbd083e8a2503c4e", "block");
const littleEndian = (list, top = 0n) => Array.from(list).reduceRight((n, b) => n << 8n | BigInt(b), top);
function poly1305(key, message) {
    const P = (1n << 130n) - 5n, r = littleEndian(key.subarray(0, 16)) & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFFn;
    let a = 0n;
    for (let i = 0; i < message.length; i += 16) a = (a + littleEndian(message.subarray(i, i + 16), 1n)) * r % P;
    a += littleEndian(key.subarray(16));
    return Array.from({ length: 16 }, (_, i) => Number(a >> BigInt(8 * i) & 255n));
}
const tag = (key, message) => hex(poly1305(bytes(key), Uint8Array.from(message, c => c.charCodeAt(0))));
same(tag("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b", "Cryptographic Forum Research Group"), "a8061dc1305136c6c22b8baf0c0127a9", "tag");
let sum = 0;
for (let i = 0; i < 60; i++) { const b = block(key, i, nonce); for (let k = 0; k < 64; k++) sum = (Math.imul(sum, 257) + b[k]) | 0; }
same(sum, -298228288, "sixty blocks");
