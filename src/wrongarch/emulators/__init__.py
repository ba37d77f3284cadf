"""Pinned static QEMU user-mode emulators and the binfmt_misc records that lead the kernel to them."""
