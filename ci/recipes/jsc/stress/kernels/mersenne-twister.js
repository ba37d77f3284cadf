// about: 624 words of state, unsigned tempering and products of 32 x 32 bits; the 10000th output is in the C++ standard.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
class Twister {
    constructor(seed) {
        this.s = new Uint32Array(624);
        this.s[0] = seed;
        for (let i = 1; i < 624; i++) { const x = this.s[i - 1] ^ (this.s[i - 1] >>> 30); this.s[i] = Math.imul(1812433253, x) + i; }
        this.i = 624;
    }
    next() {
        const s = this.s;
        if (this.i === 624) {
            for (let k = 0; k < 624; k++) { const y = (s[k] & 0x80000000) | (s[(k + 1) % 624] & 0x7FFFFFFF); s[k] = s[(k + 397) % 624] ^ (y >>> 1) ^ (y & 1 ? 0x9908B0DF : 0); }
            this.i = 0;
        }
        let y = s[this.i++];
        y ^= y >>> 11;
        y ^= (y << 7) & 0x9D2C5680;
        y ^= (y << 15) & 0xEFC60000;
        return (y ^ (y >>> 18)) >>> 0;
    }
    real() { return ((this.next() >>> 5) * 67108864 + (this.next() >>> 6)) / 9007199254740992; }
}
const t = new Twister(5489);
same(t.next(), 3499211612, "first output");
for (let i = 2; i < 10000; i++) t.next();
same(t.next(), 4123659995, "ten thousandth output");
const r = new Twister(1);
for (const want of [0.417022004702574, 0.7203244934421581, 0.00011437481734488664, 0.30233257263183977, 0.14675589081711304, 0.0923385947687978]) same(r.real(), want, "53-bit fractions of seed 1");
// the same generator on plain arrays of doubles
const plain = [5489];
for (let i = 1; i < 624; i++) { const x = (plain[i - 1] ^ (plain[i - 1] >>> 30)) >>> 0, high = ((1812433253 >>> 16) * x) % 65536 * 65536; plain[i] = (high + (1812433253 & 65535) * x + i) % 4294967296; }
const fresh = new Twister(5489);
for (let i = 0; i < 624; i++) same(plain[i], fresh.s[i], `state ${i} by doubles`);
