// verifyProperty checks an own property's descriptor, and that the object behaves as the descriptor says.
function verifyProperty(object, name, expected, options) {
    var actual = Object.getOwnPropertyDescriptor(object, name), label = String(name);
    if (expected === undefined) {
        assert.sameValue(actual, undefined, label + " should not be there");
        return true;
    }
    assert.notSameValue(actual, undefined, label + " should be there");
    ["value", "get", "set", "writable", "enumerable", "configurable"].forEach(function (field) {
        if (Object.prototype.hasOwnProperty.call(expected, field)) assert.sameValue(actual[field], expected[field], field + " of " + label);
    });
    if ("enumerable" in expected) assert.sameValue(Object.prototype.propertyIsEnumerable.call(object, name), expected.enumerable, label + " enumerates");
    if ("writable" in expected) assert.sameValue(propertyHelper.canWrite(object, name), expected.writable, label + " can be written");
    if ("configurable" in expected) assert.sameValue(propertyHelper.canDelete(object, name), expected.configurable, label + " can be deleted");
    if (options && options.restore) Object.defineProperty(object, name, actual);
    return true;
}

var propertyHelper = {
    canWrite: function (object, name) {
        var old = object[name], value = old === "changed" ? "changed again" : "changed";
        try {
            object[name] = value;
        } catch (error) {
            if (!(error instanceof TypeError) && !(error instanceof RangeError)) throw error;
        }
        var written = Object.is(object[name], value);
        if (written) object[name] = old;
        return written;
    },
    canDelete: function (object, name) {
        try {
            delete object[name];
        } catch (error) {
            if (!(error instanceof TypeError)) throw error;
        }
        return !Object.prototype.hasOwnProperty.call(object, name);
    },
};
