// about: times are doubles of milliseconds; a port with a 32-bit time_t inside shows at 2038, 2106 and before 1901.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const table = [ // time value, year, month, day, weekday, ISO text
    [0, 1970, 0, 1, 4, "1970-01-01T00:00:00.000Z"], [-1, 1969, 11, 31, 3, "1969-12-31T23:59:59.999Z"], [2147483647000, 2038, 0, 19, 2, "2038-01-19T03:14:07.000Z"], [2147483648000, 2038, 0, 19, 2, "2038-01-19T03:14:08.000Z"],
    [-2147483648000, 1901, 11, 13, 5, "1901-12-13T20:45:52.000Z"], [-2147483649000, 1901, 11, 13, 5, "1901-12-13T20:45:51.000Z"], [4294967295000, 2106, 1, 7, 0, "2106-02-07T06:28:15.000Z"], [4294967296000, 2106, 1, 7, 0, "2106-02-07T06:28:16.000Z"],
    [253402300799999, 9999, 11, 31, 5, "9999-12-31T23:59:59.999Z"], [253402300800000, 10000, 0, 1, 6, "+010000-01-01T00:00:00.000Z"], [8640000000000000, 275760, 8, 13, 6, "+275760-09-13T00:00:00.000Z"], [-8640000000000000, -271821, 3, 20, 2, "-271821-04-20T00:00:00.000Z"],
    [-62135596800000, 1, 0, 1, 1, "0001-01-01T00:00:00.000Z"], [-62135596800001, 0, 11, 31, 0, "0000-12-31T23:59:59.999Z"], [-62198755200000, -1, 0, 1, 5, "-000001-01-01T00:00:00.000Z"], [951782400000, 2000, 1, 29, 2, "2000-02-29T00:00:00.000Z"],
    [4107542400000, 2100, 2, 1, 1, "2100-03-01T00:00:00.000Z"], [-2203891200000, 1900, 2, 1, 4, "1900-03-01T00:00:00.000Z"], [-12219292800000, 1582, 9, 15, 5, "1582-10-15T00:00:00.000Z"], [9223372036854.775, 2262, 3, 11, 5, "2262-04-11T23:47:16.854Z"],
];
for (let round = 0; round < 60; round++) for (const [t, y, m, d, w, iso] of table) {
    const date = new Date(t);
    same(date.getTime(), Math.trunc(t), `time value of ${iso}`);
    same(date.getUTCFullYear(), y, `year of ${iso}`);
    same(date.getUTCMonth(), m, `month of ${iso}`);
    same(date.getUTCDate(), d, `day of ${iso}`);
    same(date.getUTCDay(), w, `weekday of ${iso}`);
    same(date.toISOString(), iso, "ISO text");
    same(Date.parse(iso), Math.trunc(t), `parse of ${iso}`);
    same(Date.UTC(y, m, d, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()), y >= 0 && y <= 99 ? Date.UTC(y, m, d, date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds(), date.getUTCMilliseconds()) : Math.trunc(t), "UTC");
    same(JSON.stringify(date), `"${iso}"`, "JSON");
}
for (const bad of [8640000000000001, -8640000000000001, NaN, Infinity, 1e300]) { same(new Date(bad).getTime(), NaN, `time ${bad}`); same(String(new Date(bad)), "Invalid Date", "text"); let e; try { new Date(bad).toISOString(); } catch (x) { e = x; } if (!(e instanceof RangeError)) throw new Error(`ISO text of ${bad}: got ${e}`); }
same(new Date(8640000000000000.4).getTime(), 8640000000000000, "fraction at the end");
same(new Date(-0.9).getTime(), 0, "fraction towards zero");
same(Object.is(new Date(-0).getTime(), 0), true, "no -0");
// the days by an independent count
let days = 0;
for (let y = 1970; y < 2410; y++) { if (Date.UTC(y, 0, 1) !== days * 86400000) throw new Error(`first of ${y}: expected ${days * 86400000}, got ${Date.UTC(y, 0, 1)}`); days += y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 366 : 365; }
days = 0;
for (let y = 1969; y > 1580; y--) { days -= y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0) ? 366 : 365; if (Date.UTC(y, 0, 1) !== days * 86400000) throw new Error(`first of ${y}`); }
const walk = new Date(Date.UTC(2037, 11, 25));
for (let i = 0; i < 60; i++) walk.setUTCDate(walk.getUTCDate() + 1);
same(walk.toISOString(), "2038-02-23T00:00:00.000Z", "walking over the new year of 2038");
const now = Date.now();
if (!(now > 1.6e12 && now < 4e12)) throw new Error(`now: got ${now}`);
same(new Date(2038, 0, 19, 12) - new Date(2038, 0, 18, 12) > 80000000, true, "local days");
