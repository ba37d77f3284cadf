// about: byte tables, Galois field arithmetic and column packing; vectors from the standard.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const sbox = new Uint8Array(256), inverse = new Uint8Array(256);
{
    let p = 1, q = 1;
    do {
        p = p ^ (p << 1) ^ (p & 128 ? 0x11B : 0);
        q ^= q << 1; q ^= q << 2; q ^= q << 4; q &= 255;
        if (q & 128) q ^= 9;
        const x = q ^ (q << 1 | q >> 7) ^ (q << 2 | q >> 6) ^ (q << 3 | q >> 5) ^ (q << 4 | q >> 4);
        sbox[p & 255] = x ^ 0x63;
        p &= 255;
    } while (p !== 1);
    sbox[0] = 0x63;
    for (let i = 0; i < 256; i++) inverse[sbox[i]] = i;
}
same(sbox[0x53], 0xED, "the box at 53");
const times2 = x => ((x << 1) ^ (x & 128 ? 0x1B : 0)) & 255, mul = (x, n) => { let r = 0; for (; n; n >>= 1, x = times2(x)) if (n & 1) r ^= x; return r; };
function expand(key) {
    const n = key.length / 4, w = new Uint32Array(4 * (n + 7)), v = new DataView(key.buffer), sub = x => (sbox[x >>> 24] << 24) | (sbox[(x >>> 16) & 255] << 16) | (sbox[(x >>> 8) & 255] << 8) | sbox[x & 255];
    let rcon = 1;
    for (let i = 0; i < w.length; i++) {
        if (i < n) { w[i] = v.getUint32(4 * i); continue; }
        let t = w[i - 1];
        if (i % n === 0) { t = sub((t << 8) | (t >>> 24)) ^ (rcon << 24); rcon = times2(rcon); } else if (n > 6 && i % n === 4) t = sub(t);
        w[i] = w[i - n] ^ t;
    }
    return w;
}
function crypt(key, block, decrypt) {
    const w = expand(key), rounds = w.length / 4 - 1, box = decrypt ? inverse : sbox, factors = decrypt ? [14, 11, 13, 9] : [2, 3, 1, 1];
    let s = Uint8Array.from(block);
    const add = r => { for (let i = 0; i < 16; i++) s[i] ^= w[4 * r + (i >> 2)] >>> (24 - 8 * (i & 3)); };
    const mix = () => { for (let c = 0; c < 16; c += 4) { const [a, b, d, e] = s.subarray(c, c + 4), col = [a, b, d, e]; for (let k = 0; k < 4; k++) s[c + k] = mul(col[k], factors[0]) ^ mul(col[(k + 1) & 3], factors[1]) ^ mul(col[(k + 2) & 3], factors[2]) ^ mul(col[(k + 3) & 3], factors[3]); } };
    add(decrypt ? rounds : 0);
    for (let r = 1; r <= rounds; r++) {
        s = s.map((_, i) => box[s[(i + (decrypt ? -4 : 4) * (i & 3) + 16) & 15]]);
        if (decrypt) { add(rounds - r); if (r < rounds) mix(); } else { if (r < rounds) mix(); add(r); }
    }
    return s;
}
const bytes = h => Uint8Array.from(h.match(/../g), x => parseInt(x, 16)), hex = a => Array.from(a, x => x.toString(16).padStart(2, "0")).join("");
const plain = bytes("00112233445566778899aabbccddeeff");
for (const [key, want] of [["000102030405060708090a0b0c0d0e0f", "69c4e0d86a7b0430d8cdb78070b4c55a"], ["000102030405060708090a0b0c0d0e0f1011121314151617", "dda97ca4864cdfe06eaf70a0ec0d7191"], ["000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", "8ea2b7ca516745bfeafc49904b496089"]])
    for (let i = 0; i < 8; i++) { const c = crypt(bytes(key), plain, false); same(hex(c), want, `AES-${key.length * 4}`); same(hex(crypt(bytes(key), c, true)), hex(plain), "and back"); }
let chain = new Uint8Array(16);
for (let i = 0; i < 40; i++) chain = crypt(bytes("2b7e151628aed2a6abf7158809cf4f3c"), chain, false);
for (let i = 0; i < 40; i++) chain = crypt(bytes("2b7e151628aed2a6abf7158809cf4f3c"), chain, true);
same(hex(chain), "0".repeat(32), "forty times there and back");
