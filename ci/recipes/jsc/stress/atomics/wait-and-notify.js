// about: futex-like waiting with time-outs and values that do not match; no other thread is needed.
if (typeof Atomics === "undefined" || typeof SharedArrayBuffer === "undefined" || typeof Atomics.wait !== "function") {
    print("SKIPPED: no Atomics.wait");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    const a = new Int32Array(new SharedArrayBuffer(16)), b = new BigInt64Array(new SharedArrayBuffer(16));
    let blocks = true;
    try { Atomics.wait(a, 0, 0, 0); } catch { blocks = false; } // a host may forbid its main thread to wait
    if (blocks) {
        for (const value of [0, 1, -1, 2147483647, -2147483648]) {
            a[1] = value;
            same(Atomics.wait(a, 1, value, 0), "timed-out", `wait on ${value}`);
            same(Atomics.wait(a, 1, value ^ 1, 0), "not-equal", `wait on other than ${value}`);
            same(Atomics.wait(a, 1, value, -5), "timed-out", "negative time-out");
            same(Atomics.wait(a, 1, value + 4294967296, 0), "timed-out", "expected value wraps");
        }
        for (const value of [0n, -1n, 4294967296n, 2n ** 63n - 1n, -(2n ** 63n)]) {
            b[1] = value;
            same(Atomics.wait(b, 1, value, 0), "timed-out", `wait on ${value}`);
            same(Atomics.wait(b, 1, value ^ (1n << 40n), 0), "not-equal", "high words differ");
        }
        const start = Date.now();
        same(Atomics.wait(a, 2, 0, 30), "timed-out", "thirty milliseconds");
        const spent = Date.now() - start;
        if (spent < 25) throw new Error(`waiting 30 ms: expected at least 25 ms, got ${spent}`);
    }
    same(Atomics.notify(a, 0), 0, "nobody to notify");
    same(Atomics.notify(a, 0, 5), 0, "nobody among five");
    same(Atomics.notify(new Int32Array(4), 0), 0, "memory that is not shared");
    for (const bad of [-1, 4]) { let e; try { Atomics.notify(a, bad); } catch (x) { e = x; } if (!(e instanceof RangeError)) throw new Error(`notify at ${bad}: got ${e}`); }
    if (typeof Atomics.waitAsync === "function") {
        same(Atomics.waitAsync(a, 0, 1).value, "not-equal", "waitAsync not equal");
        same(Atomics.waitAsync(a, 0, 0, 0).value, "timed-out", "waitAsync with no time");
        const waiting = Atomics.waitAsync(a, 3, 0, 10000);
        same(waiting.async, true, "waitAsync waits");
        same(Atomics.notify(a, 3), 1, "one to notify");
    }
}
