// about: ordering and equality with numbers that no double or no integer can stand for.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const ordered = [-Infinity, -(2n ** 1100n), -1.7976931348623157e308, -(2n ** 64n), -18446744073709549568, -(2n ** 63n), -9007199254740993n, -9007199254740992, -4294967297n, -4294967296.5,
    -2n, -1.5, -1n, -0.5, 0n, 5e-324, 0.5, 1n, 1.5, 2n, 4294967295.5, 4294967296n, 9007199254740991n, 9007199254740992, 9007199254740993n, 9007199254740994,
    18446744073709551615n, 18446744073709551616, 18446744073709551617n, 1e300, 2n ** 1023n, 1.7976931348623157e308, 2n ** 1024n, Infinity];
for (let round = 0; round < 3; round++) for (let i = 0; i < ordered.length; i++) for (let j = 0; j < ordered.length; j++) {
    const a = ordered[i], b = ordered[j], what = `${text(a)} with ${text(b)}`;
    same(a < b, i < j, what + " <");
    same(a <= b, i <= j, what + " <=");
    same(a > b, i > j, what + " >");
    same(a >= b, i >= j, what + " >=");
    same(a == b, i === j, what + " ==");
    same(a === b, i === j, what + " ===");
}
for (const x of [0n, 1n, -1n, 2n ** 70n]) for (const other of [NaN, undefined, "x", {}]) same([x < other, x > other, x <= other, x >= other, x == other].join(), "false,false,false,false,false", `${x} with ${String(other)}`);
same(0n == -0, true, "0n == -0");
same(0n === 0, false, "0n === 0");
same(1n == true, true, "1n == true");
same(2n == "2", true, "2n == '2'");
same(2n == "2.0", false, "2n == '2.0'");
same("10" > 9n, true, "'10' > 9n");
same(0n ? 1 : 2, 2, "0n is falsy");
same(-(2n ** 64n) ? 1 : 2, 1, "-2^64 is truthy");
same([3n, 1, 2n, -1n, 10, 0.5].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)).join(), "-1,0.5,1,2,3,10", "mixed sort");
same(new Set([1n, 1n, 1, "1", 2n ** 64n, 2n ** 64n]).size, 4, "set");
same(new Map([[2n ** 70n, "v"]]).get(2n ** 35n * 2n ** 35n), "v", "map by value");
same([1n, 2n, 3n].indexOf(2n), 1, "indexOf");
same([1n, 2n, 3n].includes(2), false, "includes does not convert");
same(Object.is(5n, 5n) && typeof 5n === "bigint" && typeof Object(5n) === "object", true, "types");
switch (2n ** 65n) { case 2: throw new Error("switch"); case 36893488147419103232n: break; default: throw new Error("switch default"); }
