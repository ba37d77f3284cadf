export let counter = 0;
export function increase() {
    counter++;
}
