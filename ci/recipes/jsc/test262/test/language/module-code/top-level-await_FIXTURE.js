export let value = "too early";
await null;
value = await new Promise(function (resolve) {
    resolve("awaited");
});
