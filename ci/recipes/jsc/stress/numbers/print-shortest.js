// about: the shortest digits that read back the same need 128-bit products or big tables; their halves are stored and
// multiplied differently on 32-bit and big-endian machines. Table from exact arithmetic (tables.py show).
const text = v => Object.is(v, -0) ? "-0" : typeof v === "bigint" ? `${v}n` : typeof v === "string" ? JSON.stringify(v) : String(v);
function same(got, want, what) { if (!Object.is(got, want)) throw new Error(`${what}: expected ${text(want)}, got ${text(got)}`); }
const view = new DataView(new ArrayBuffer(8));
const table = [
    [0x00000000, 0x00000001, "5e-324"],
    [0x00100000, 0x00000000, "2.2250738585072014e-308"],
    [0x000fffff, 0xffffffff, "2.225073858507201e-308"],
    [0x7fefffff, 0xffffffff, "1.7976931348623157e+308"],
    [0x3fb99999, 0x9999999a, "0.1"],
    [0x3fd33333, 0x33333333, "0.3"],
    [0x444b1ae4, 0xd6e2ef50, "1e+21"],
    [0x4415af1d, 0x78b58c40, "100000000000000000000"],
    [0x444b1ae4, 0xd6e2ef4f, "999999999999999900000"],
    [0x441ac53a, 0x7e04bcda, "123456789012345680000"],
    [0x3eb0c6f7, 0xa0b5ed8d, "0.000001"],
    [0x3e7ad7f2, 0x9abcaf48, "1e-7"],
    [0x3e8421f5, 0xf40d8376, "1.5e-7"],
    [0x40116666, 0x66666666, "4.35"],
    [0x43400000, 0x00000000, "9007199254740992"],
    [0x43e00000, 0x00000000, "9223372036854776000"],
    [0x43f00000, 0x00000000, "18446744073709552000"],
    [0xc1e00000, 0x00000000, "-2147483648"],
    [0x3eb00000, 0x00000000, "9.5367431640625e-7"],
    [0x3ea0c6f7, 0xa0b5ed8d, "5e-7"],
    [0x45246c4f, 0x94f99599, "1.2345e+25"],
    [0x3f164840, 0xe1719f80, "0.000085"],
    [0x3eb4b3fd, 0x5942cd96, "0.000001234"],
    [0x6a06e9ab, 0x85a0bcc1, "5.612350177107035e+202"],
    [0x4dad2986, 0xce834960, "1.5355697530503638e+66"],
    [0x5d898017, 0xf5e2fc57, "3.8869985043811134e+142"],
    [0x2ca85f3f, 0x4a24e39a, "1.4605068102412802e-93"],
    [0xb48438b5, 0xc41f9dfd, "-1.0308718581606456e-55"],
    [0x8a4996ef, 0xb447c0ce, "-4.160803020977301e-259"],
    [0x472d212b, 0xa950666d, "7.562469381279152e+34"],
    [0xeae0d2c1, 0x1c339464, "-6.751451821608404e+206"],
    [0x3fa81d27, 0x06e55426, "0.04709741553475792"],
    [0xd0a0090d, 0x62590992, "-2.376662900758702e+80"],
    [0x6b68b48e, 0xbf13c171, "2.538149452935017e+209"],
    [0xdc059e6a, 0x409c38f2, "-1.9641734245520645e+135"],
    [0xcd68615c, 0x80690847, "-8.023584780952784e+64"],
    [0xa3e96f0e, 0x51436d1f, "-1.0935116762564138e-135"],
    [0xaf271d87, 0xd8a8f065, "-1.5230414903432755e-81"],
    [0xb969ec07, 0xf1f83a79, "-3.9939159012341567e-32"],
    [0x2325e9e2, 0x66cea9fa, "2.3002019196029942e-139"],
    [0x8d0a6bff, 0xff9a3914, "-7.557831138441198e-246"],
    [0x23cf493f, 0x0febddf8, "3.362820287804567e-136"],
    [0xcaa7e9bf, 0xd00724a1, "-4.473473289258468e+51"],
    [0x32421553, 0xe014be00, "1.3414945740820514e-66"],
    [0xe1ef83ab, 0x26a2658f, "-5.6712102135272584e+163"],
    [0x8869510d, 0xb4a02517, "-3.833712278029127e-268"],
    [0xcd425ec3, 0x8f138999, "-1.511410045433058e+64"],
    [0xaf829a91, 0xf4873115, "-7.844993298053713e-80"],
    [0x54aec7d8, 0x35c33744, "8.415622923671389e+99"],
    [0x1f8db8dd, 0x8a3b09dd, "1.0824110157022558e-156"],
    [0xb720d88f, 0xe1e8a4aa, "-3.776991603212759e-43"],
    [0x11a5aecd, 0xa386a3a0, "1.171572316387131e-223"],
    [0x68e06b0c, 0x4f27b35c, "1.5340925832667625e+197"],
    [0x41d81dda, 0x14f50791, "1618438227.8285868"],
    [0xc15cfec9, 0xaebf9993, "-7600934.73044433"],
    [0x4106ecac, 0x0490ca26, "187797.50222928933"],
    [0xc3fc0855, 0xe599e358, "-32319342039893640000"],
    [0xc1ef5a22, 0x0ce02d28, "-4208005223.005512"],
    [0xbe1c63d6, 0x947feaa3, "-1.6525150848395246e-9"],
    [0x4281df99, 0x3d2b9a36, "2456505787763.2764"],
    [0xc243fa24, 0xf517a775, "-171602209327.30826"],
    [0xbe944673, 0x0ee06e0b, "-3.0212392132671717e-7"],
    [0x42ebf5da, 0x3157e672, "245941932834611.56"],
    [0xc08a897b, 0x400b4932, "-849.1851807481492"],
    [0x40b2bb4c, 0x51a20dc3, "4795.298120621071"],
    [0xc2b932d8, 0xe8b6e53d, "-27706178189029.24"],
    [0xbe7027fd, 0x55c9dfdb, "-6.01865699031583e-8"],
    [0xc407797b, 0x04eb4870, "-54128588675577940000"],
    [0x3e7a212f, 0x794baead, "9.734045953627348e-8"],
    [0xbea42114, 0x4f4e45b4, "-5.998973891965262e-7"],
    [0x4299efd9, 0x054a108a, "7129482220164.135"],
    [0xc3e7c21a, 0x672bd7e9, "-13695678710189870000"],
    [0x4013215f, 0x2eebdd04, "4.782589657922703"],
];
for (let round = 0; round < 3; round++) for (const [high, low, want] of table) {
    view.setUint32(0, high);
    view.setUint32(4, low);
    const value = view.getFloat64(0);
    same(String(value), want, "String");
    same("" + value, want, "concatenation");
    same(`${value}`, want, "template");
    same(value.toString(), want, "toString");
    same(JSON.stringify(value), want, "JSON");
    same([value].join(), want, "join");
    same(Number(want), value, `reading back ${want}`);
}
const whole = [[0, "0"], [-0, "0"], [1e21, "1e+21"], [123456789012345680000, "123456789012345680000"], [2 ** 31, "2147483648"], [-(2 ** 31), "-2147483648"],
    [2 ** 53, "9007199254740992"], [2 ** 63, "9223372036854776000"], [2 ** 64, "18446744073709552000"], [4294967295, "4294967295"]];
for (const [value, want] of whole) same(String(value), want, `String(${want})`);
for (let i = 0; i < 3000; i++) {
    const n = Math.imul(i, 2654435761) | 0;
    let digits = "", left = Math.abs(n);
    do { digits = "0123456789"[left % 10] + digits; left = Math.floor(left / 10); } while (left);
    same(String(n), (n < 0 ? "-" : "") + digits, "digits of an int32");
}
