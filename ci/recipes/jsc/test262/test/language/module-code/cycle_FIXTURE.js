import { own, hoisted } from "./cycle.js";
export const fromOther = hoisted();
let early = "no error";
try {
    own;
} catch (error) {
    early = error.constructor;
}
if (early !== ReferenceError) throw new Error("a binding was readable before its module ran");
export function late() {
    return own;
}
