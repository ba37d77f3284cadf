// $DETACHBUFFER takes the memory of an ArrayBuffer away, by the host or by the language itself.
function $DETACHBUFFER(buffer) {
    if (typeof $262.detachArrayBuffer === "function") $262.detachArrayBuffer(buffer);
    else if (typeof buffer.transfer === "function") buffer.transfer();
    else throw new Test262Error("this host can't detach an ArrayBuffer");
}
