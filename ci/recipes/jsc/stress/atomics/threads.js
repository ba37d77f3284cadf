// about: real threads adding to shared memory: lost updates show broken atomics, and a weaker memory order than x86 shows in
// the hand-over of plain data behind an atomic flag.
if (typeof $ === "undefined" || !$.agent || typeof SharedArrayBuffer === "undefined" || typeof Atomics === "undefined" || typeof Atomics.wait !== "function") {
    print("SKIPPED: no agents");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    const threads = 3, rounds = 2000, memory = new SharedArrayBuffer(4096);
    const worker = `
        $.agent.receiveBroadcast(memory => {
            const ints = new Int32Array(memory), bytes = new Uint8Array(memory, 64, 8), halves = new Uint16Array(memory, 128, 8), longs = new BigInt64Array(memory, 256, 4);
            for (let i = 0; i < ${rounds}; i++) {
                Atomics.add(ints, 1, 1);
                Atomics.add(bytes, i & 3, 1);
                Atomics.sub(halves, 1, 1);
                if ((i & 3) === 0) Atomics.add(longs, 1, 4294967297n);
                for (;;) { const old = Atomics.load(ints, 2); if (Atomics.compareExchange(ints, 2, old, old + 3 | 0) === old) break; }
                Atomics.xor(ints, 3, 1 << (i & 15));
            }
            Atomics.add(ints, 0, 1);
            Atomics.notify(ints, 0);
            // a message: plain data first, then the flag
            while (Atomics.load(ints, 100) === 0) Atomics.wait(ints, 100, 0, 50);
            let sum = 0;
            for (let i = 0; i < 200; i++) sum += ints[200 + i];
            Atomics.add(ints, 5, sum);
            Atomics.add(ints, 4, 1);
            Atomics.notify(ints, 4);
            $.agent.leaving();
        });`;
    for (let i = 0; i < threads; i++) $.agent.start(worker);
    $.agent.broadcast(memory);
    const ints = new Int32Array(memory), deadline = Date.now() + 60000;
    const await_ = (i, n) => { for (let v; (v = Atomics.load(ints, i)) < n;) { if (Date.now() > deadline) throw new Error(`threads hang: expected ${n} at ${i}, got ${v}`); Atomics.wait(ints, i, v, 100); } };
    await_(0, threads);
    same(ints[1], threads * rounds, "32-bit adds");
    same(ints[2], threads * rounds * 3, "compareExchange loops");
    same(ints[3], threads & 1 ? 65535 : 0, "xors");
    same(new Uint8Array(memory, 64, 4).join(), Array(4).fill(threads * rounds / 4 & 255).join(), "8-bit adds");
    same(new Uint8Array(memory, 68, 4).join(), "0,0,0,0", "bytes next to them");
    same(new Uint16Array(memory, 128, 3).join(), `0,${65536 - threads * rounds},0`, "16-bit subs");
    same(new BigInt64Array(memory, 256, 3).join(), `0,${4294967297n * BigInt(threads * rounds / 4)},0`, "64-bit adds");
    for (let i = 0; i < 200; i++) ints[200 + i] = i;
    Atomics.store(ints, 100, 1);
    Atomics.notify(ints, 100);
    await_(4, threads);
    same(ints[5], threads * 19900, "plain data behind the flag");
}
