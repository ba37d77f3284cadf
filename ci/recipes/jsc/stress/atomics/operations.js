// about: every read-modify-write of every width: narrow ones are loops of 32-bit load-linked/store-conditional on many machines
// (and the byte's place in the word depends on endianness), 64-bit ones need pairs on 32-bit machines.
if (typeof Atomics === "undefined" || typeof SharedArrayBuffer === "undefined") {
    print("SKIPPED: no SharedArrayBuffer");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    const rules = { add: (a, b) => a + b, sub: (a, b) => a - b, and: (a, b) => a & b, or: (a, b) => a | b, xor: (a, b) => a ^ b, exchange: (a, b) => b };
    const values = [0n, 1n, -1n, 0x7Fn, 0x80n, -0x80n, 0x7FFFn, -0x8000n, 0x12345678n, -0x12345678n, 0x7FFFFFFFn, -0x80000000n];
    for (const buffer of [new SharedArrayBuffer(64), new ArrayBuffer(64)])
        for (const Type of [Int8Array, Uint8Array, Int16Array, Uint16Array, Int32Array, Uint32Array, BigInt64Array, BigUint64Array]) {
            const a = new Type(buffer), bits = Type.BYTES_PER_ELEMENT * 8, big = bits === 64;
            const cut = x => { const n = /U/.test(Type.name) ? BigInt.asUintN(bits, x) : BigInt.asIntN(bits, x); return big ? n : Number(n); };
            const box = x => big ? x : Number(x);
            for (const [name, rule] of Object.entries(rules)) for (let round = 0; round < 2; round++) for (const x of values) for (const y of values) {
                const i = 1 + (Number(x & 1n) + round) % 3;
                a[0] = a[i - 1] = a[i + 1] = box(85n);
                same(Atomics.store(a, i, box(x)), box(x), "store gives what it was given");
                same(Atomics[name](a, i, box(y)), cut(x), `${name} gives the old value, ${Type.name}`);
                const old = big ? cut(x) : BigInt(cut(x));
                same(Atomics.load(a, i), cut(rule(old, y)), `${name}(${x}, ${y}) in ${Type.name}`);
                same(a[i], Atomics.load(a, i), "plain read");
                same(a[i - 1], box(85n), "the element before is untouched");
                same(a[i + 1], box(85n), "the element after is untouched");
            }
            for (const x of values) {
                a[2] = box(x);
                same(Atomics.compareExchange(a, 2, cut(x), box(7n)), cut(x), `compareExchange that matches, ${Type.name}`);
                same(a[2], box(7n), "stored");
                same(Atomics.compareExchange(a, 2, box(8n), box(9n)), box(7n), "compareExchange that does not match");
                same(a[2], box(7n), "not stored");
            }
        }
    for (const n of [1, 2, 4, 8]) same(typeof Atomics.isLockFree(n), "boolean", `isLockFree(${n})`);
    same(Atomics.isLockFree(4), true, "isLockFree(4)");
    same(Atomics.isLockFree(3), false, "isLockFree(3)");
}
