// Every typed array constructor, and a loop over them.
var floatArrayConstructors = [Float64Array, Float32Array];
var intArrayConstructors = [Int32Array, Int16Array, Int8Array, Uint32Array, Uint16Array, Uint8Array, Uint8ClampedArray];
var typedArrayConstructors = floatArrayConstructors.concat(intArrayConstructors);
var TypedArray = Object.getPrototypeOf(Int8Array);

function testWithTypedArrayConstructors(run, chosen) {
    (chosen || typedArrayConstructors).forEach(function (constructor) {
        try {
            run(constructor);
        } catch (error) {
            if (error !== null && typeof error === "object") error.message += " (" + constructor.name + ")";
            throw error;
        }
    });
}
