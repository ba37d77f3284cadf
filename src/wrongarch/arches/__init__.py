"""The table of architectures and how ELF files are told apart."""
