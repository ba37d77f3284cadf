// about: BigInt to double rounds to even at bit 53, wherever the digit borders lie; double to BigInt is exact or refused.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
function throws(type, run, what) {
    let got = "no exception";
    try { run(); } catch (e) { if (e instanceof type) return e; got = e; }
    throw new Error(`${what}: expected ${type.name}, got ${got}`);
}
for (const [big, number] of [[2n ** 53n + 1n, 9007199254740992], [2n ** 53n + 3n, 9007199254740996], [2n ** 54n + 2n, 18014398509481984], [2n ** 54n + 3n, 18014398509481988], [2n ** 54n + 6n, 18014398509481992],
    [2n ** 64n - 1n, 18446744073709552000], [2n ** 63n - 1n, 9223372036854775808], [2n ** 64n - 1024n, 18446744073709552000], [2n ** 64n - 1025n, 18446744073709549568], [2n ** 64n + 2048n, 18446744073709552000],
    [2n ** 64n + 2049n, 18446744073709555712], [2n ** 1024n - 2n ** 970n, Infinity], [2n ** 1024n - 2n ** 970n - 1n, 1.7976931348623157e308], [2n ** 1024n, Infinity], [2n ** 2000n, Infinity],
    [2n ** 1023n, 8.98846567431158e307], [10n ** 22n, 1e22], [10n ** 23n, 1e23], [123456789012345678901234567890n, 1.2345678901234568e29], [0n, 0], [4294967296n, 4294967296]]) {
    for (let i = 0; i < 40; i++) {
        same(Number(big), number, `Number(${big})`);
        same(Number(-big), number === 0 ? 0 : -number, `Number(-${big})`);
        same(parseInt(big), parseInt(String(big)), "parseInt");
    }
}
for (let e = 60; e < 140; e++) { // the sticky bit may lie any number of digits below
    const p = 1n << BigInt(e), half = 1n << BigInt(e - 53), ulp = Number(half) * 2, base = Number(p);
    same(Number(p + half), base, `2^${e} and half a unit`);
    same(Number(p + half + 1n), base + ulp, `2^${e} and a bit over half a unit`);
    same(Number(p + half - 1n), base, `2^${e} and a bit under half a unit`);
    same(Number(p + 3n * half), base + 2 * ulp, `2^${e} and one and a half units`);
}
for (const x of [0, -0, 1, -1, 4294967295, 4294967296, 2 ** 53, -(2 ** 53), 2 ** 64, 1e22, 1e300, 1.7976931348623157e308, -(2 ** 100), 3 * 2 ** 40]) {
    same(Number(BigInt(x)), x === 0 ? 0 : x, `Number(BigInt(${x}))`);
    same(BigInt(x) === BigInt("0x" + Math.abs(x).toString(16)) * (x < 0 ? -1n : 1n), true, `BigInt(${x}) by hex`);
}
same(BigInt(1e300) % 1000000007n, 673966564n, "1e300 modulo a prime");
for (const bad of [0.5, NaN, Infinity, -Infinity, 5e-324, 4503599627370495.5]) throws(RangeError, () => BigInt(bad), `BigInt(${bad})`);
for (const bad of [undefined, null, Symbol(), {}]) { let e; try { BigInt(bad); } catch (error) { e = error; } if (!(e instanceof TypeError || e instanceof SyntaxError)) throw new Error(`BigInt(${String(bad)}): got ${e}`); }
throws(TypeError, () => +1n, "unary plus");
throws(TypeError, () => Math.max(1n), "Math.max");
throws(TypeError, () => 1n + 1, "mixed sum");
throws(TypeError, () => isNaN(1n), "isNaN");
same(1n + "1", "11", "text wins");
same(new Float64Array([Number(2n ** 60n)])[0], 1152921504606846976, "into a typed array");
same(Number.isInteger(5n), false, "isInteger");
