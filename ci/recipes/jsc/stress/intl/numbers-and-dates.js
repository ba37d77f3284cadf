// about: ICU brings its own data, in the byte order of the machine; a few results that every version since 2020 agrees on.
if (typeof Intl !== "object") {
    print("SKIPPED: no Intl");
} else {
    const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
    function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
    const plain = s => s.replace(/[\u00a0\u202f\u2009]/g, " ");
    const number = (l, o) => new Intl.NumberFormat(l, o);
    for (const [l, o, x, want] of [["en-US", {}, 1234567.891, "1,234,567.891"], ["de-DE", {}, 1234567.891, "1.234.567,891"], ["fr-FR", {}, 1234567.5, "1 234 567,5"], ["en-IN", {}, 12345678, "1,23,45,678"], ["ar-EG", { numberingSystem: "arab" }, 123, "\u0661\u0662\u0663"], ["en-US", { style: "currency", currency: "USD" }, -5.5, "-$5.50"], ["ja-JP", { style: "currency", currency: "JPY" }, 1234, "\uffe51,234"],
        ["en-US", { style: "percent" }, 0.256, "26%"], ["en-US", { minimumFractionDigits: 2 }, 2, "2.00"], ["en-US", { maximumSignificantDigits: 3 }, 123456, "123,000"], ["en-US", { notation: "scientific" }, 123456, "1.235E5"], ["en-US", { notation: "compact" }, 1234567, "1.2M"], ["en-US", { style: "unit", unit: "kilometer-per-hour" }, 50, "50 km/h"], ["en-US", {}, 12345678901234567890n, "12,345,678,901,234,567,890"],
        ["en-US", {}, -0, "-0"], ["en-US", {}, NaN, "NaN"], ["en-US", {}, Infinity, "\u221e"], ["en-US", { useGrouping: false }, 1e9, "1000000000"], ["en-US", { maximumFractionDigits: 0 }, 2.5, "3"], ["en-US", { maximumFractionDigits: 0 }, 2147483647.4, "2,147,483,647"], ["en-US", { signDisplay: "always" }, 5, "+5"]])
        for (let i = 0; i < 3; i++) same(plain(number(l, o).format(x)), want, `${l} ${JSON.stringify(o)} ${x}`);
    const parts = number("en-US", { style: "currency", currency: "EUR" }).formatToParts(-1234.5).map(p => p.type[0] + p.value).join("|");
    same(parts, "m-|c\u20ac|i1|g,|i234|d.|f50", "parts");
    const date = new Date(Date.UTC(2038, 0, 19, 3, 14, 8));
    const show = (l, o, d = date) => plain(new Intl.DateTimeFormat(l, { timeZone: "UTC", ...o }).format(d));
    for (const [l, o, want] of [["en-US", {}, "1/19/2038"], ["de-DE", {}, "19.1.2038"], ["en-GB", { dateStyle: "full" }, "Tuesday 19 January 2038"], ["en-US", { year: "numeric", month: "long", day: "numeric" }, "January 19, 2038"], ["en-US", { weekday: "short", hour: "numeric", minute: "2-digit", second: "2-digit", hourCycle: "h23" }, "Tue 03:14:08"], ["fr-FR", { month: "long", day: "numeric" }, "19 janvier"], ["ja-JP", { dateStyle: "long" }, "2038\u5e741\u670819\u65e5"]])
        same(show(l, o).replace(", 19", " 19"), want.replace(", 19", " 19"), `date ${l} ${JSON.stringify(o)}`);
    same(show("en-US", { timeZone: "Asia/Tokyo", hour: "numeric", hourCycle: "h23", day: "numeric" }).replace(/\D+/g, " ").trim(), "19 12", "Tokyo");
    same(show("en-US", { timeZone: "America/New_York", hour: "numeric", hourCycle: "h23", day: "numeric" }, new Date(Date.UTC(2024, 6, 1, 2))).replace(/\D+/g, " ").trim(), "30 22", "New York in summer");
    same(["\u00e4", "z", "a", "\u00c4"].sort(new Intl.Collator("de").compare).join(""), "a\u00e4\u00c4z", "German");
    same(["\u00e4", "z", "a"].sort(new Intl.Collator("sv").compare).join(""), "az\u00e4", "Swedish");
    same(["a10", "a9", "a1"].sort(new Intl.Collator("en", { numeric: true }).compare).join(), "a1,a9,a10", "numeric");
    same(new Intl.Collator("en", { sensitivity: "base" }).compare("\u00e9", "E"), 0, "base letters");
    const plural = (l, o) => [0, 1, 2, 3, 5, 11, 21, 1.5].map(n => new Intl.PluralRules(l, o).select(n)).join();
    same(plural("en"), "other,one,other,other,other,other,other,other", "English");
    same(plural("ru"), "many,one,few,few,many,many,one,other", "Russian");
    same(plural("ar"), "zero,one,two,few,few,many,many,other", "Arabic");
    same(plural("en", { type: "ordinal" }), "other,one,two,few,other,other,one,other", "ordinals");
    same(new Intl.ListFormat("en").format(["a", "b", "c"]), "a, b, and c", "list");
    same(new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(-1, "day") + new Intl.RelativeTimeFormat("en").format(3, "month"), "yesterdayin 3 months", "relative");
    same(Intl.getCanonicalLocales(["EN-us", "zh-hans-CN"]).join() + new Intl.Locale("sr-Latn-RS").maximize().region, "en-US,zh-Hans-CNRS", "locales");
    same((1234.5).toLocaleString("en-US") + " " + plain(date.toLocaleDateString("en-US", { timeZone: "UTC" })), "1,234.5 1/19/2038", "toLocaleString");
    if (Intl.Segmenter) same([...new Intl.Segmenter("en", { granularity: "grapheme" }).segment("e\u0301\u{1F468}\u200d\u{1F469}a")].map(s => s.segment.length).join(), "2,5,1", "graphemes");
    for (const f of [() => new Intl.NumberFormat("x-invalid-_"), () => number("en", { style: "currency" }), () => new Intl.DateTimeFormat("en", { timeZone: "Nowhere/Land" })]) { let e; try { f(); } catch (x) { e = x; } if (!(e instanceof RangeError || e instanceof TypeError)) throw new Error(`${f}: got ${e}`); }
}
