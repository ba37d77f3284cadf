// about: setters and constructors take any number and normalise; products of days and milliseconds pass 2^31 and 2^53.
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
for (const [args, want] of [[[2000, 12], "2001-01-01"], [[2000, -1], "1999-12-01"], [[2000, 0, 0], "1999-12-31"], [[2000, 1, 30], "2000-03-01"], [[1999, 1, 29], "1999-03-01"], [[2000, 0, 1, 24], "2000-01-02"], [[2000, 0, 1, 0, -1], "1999-12-31"], [[2000, 0, 1, 0, 0, 86400], "2000-01-02"], [[2000, 0, 1, 0, 0, 0, -1], "1999-12-31"],
    [[2000, 0, 36525], "2099-12-31"], [[2000, 1200, 1], "2100-01-01"], [[1970, 0, 100000001], "+275760-09-13"], [[99, 0], "1999-01-01"], [[0, 0], "1900-01-01"], [[100, 0], "0100-01-01"], [[-1, 0], "-000001-01-01"], [[2000.9, 1.9, 1.9], "2000-02-01"], [[1970, 0, 1, 0, 0, 0, 2147483648000], "2038-01-19"], [[1970, 0, 1, 0, 0, 2 ** 32], "2106-02-07"]])
    for (let i = 0; i < 30; i++) same(new Date(Date.UTC(...args)).toISOString().split("T")[0], want, `UTC(${args})`);
for (const args of [[NaN], [2000, NaN], [2000, 0, Infinity], [275760, 8, 13, 0, 0, 0, 1], [1e300], [2000, 0, 1, 1e300]]) same(Date.UTC(...args), NaN, `UTC(${args})`);
const d = new Date(Date.UTC(2024, 1, 29, 12, 30, 45, 678));
const set = (name, ...args) => { const c = new Date(d); c["setUTC" + name](...args); return c.toISOString(); };
same(set("FullYear", 2023), "2023-03-01T12:30:45.678Z", "leap day in another year");
same(set("Month", 12), "2025-01-29T12:30:45.678Z", "month 12");
same(set("Month", 0, 31), "2024-01-31T12:30:45.678Z", "month and day");
same(set("Date", 0), "2024-01-31T12:30:45.678Z", "day 0");
same(set("Date", -365), "2023-01-31T12:30:45.678Z", "day -365");
same(set("Hours", 48, 60), "2024-03-02T01:00:45.678Z", "hour 48, minute 60");
same(set("Minutes", -1), "2024-02-29T11:59:45.678Z", "minute -1");
same(set("Seconds", 3600, 1000), "2024-02-29T13:30:01.000Z", "second 3600");
same(set("Milliseconds", 4294967296), "2024-04-19T05:33:32.296Z", "2^32 milliseconds");
same(new Date(d).setTime(1e12), 1000000000000, "setTime gives the time");
const invalid = new Date(NaN);
same(invalid.setUTCHours(5), NaN, "invalid stays invalid");
same(invalid.setUTCFullYear(2000), 946684800000, "but a year revives");
for (const [source, want] of [["2000-01-01", 946684800000], ["2000-01-01T00:00Z", 946684800000], ["2000-01-01T00:00:00.123Z", 946684800123], ["2000-01-01T00:00:00+05:30", 946665000000], ["2000-01-01T24:00:00Z", 946771200000], ["+002000-01-01T00:00:00Z", 946684800000], ["2000", 946684800000], ["2000-02", 949363200000], ["Thu, 01 Jan 1970 00:00:00 GMT", 0], ["1970-01-01T00:00:00.000-00:01", 60000]])
    same(Date.parse(source), want, `parse(${source})`);
for (const bad of ["2000-13-01", "2000-01-32", "2000-01-01T25:00Z", "-000000-01-01T00:00:00Z", "2000-01-01T00:60Z", "nonsense", ""]) same(Date.parse(bad), NaN, `parse(${bad})`);
same(d - new Date(0), 1709209845678, "difference");
same(typeof (d + 1) + typeof +d, "stringnumber", "hints");
same(d > new Date(0) && new Date(5) <= 5, true, "comparison");
same(new Date(d).getTime() === new Date(d.toISOString()).getTime() && new Date(Date.parse(d.toUTCString())).getUTCSeconds() === 45, true, "round trips");
same(d.toUTCString(), "Thu, 29 Feb 2024 12:30:45 GMT", "toUTCString");
same(new Date(-62198755200000).toUTCString(), "Fri, 01 Jan -0001 00:00:00 GMT", "year -1");
same(Object.prototype.toString.call(d) + typeof Date() + Date.length, "[object Date]string7", "kinds");
// local time is consistent whatever the zone is
for (let t = -3e12; t < 5e12; t += 1.234567e11) {
    const l = new Date(t), back = new Date(l.getFullYear(), l.getMonth(), l.getDate(), l.getHours(), l.getMinutes(), l.getSeconds(), l.getMilliseconds());
    if (Math.abs(back - l) > 7200000) throw new Error(`local round trip of ${t}: got ${+back}`);
    if (Math.abs(l.getTimezoneOffset()) > 16 * 60) throw new Error(`offset at ${t}: got ${l.getTimezoneOffset()}`);
}
