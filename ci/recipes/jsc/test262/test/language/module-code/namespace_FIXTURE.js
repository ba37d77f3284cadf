export var z = "last";
export const a = 2147483647 + 1;
const local = -0;
export { local as renamed };
export default function () {
    return "default";
}
