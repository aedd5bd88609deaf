// Go's archive/tar, as far as files go: headers, extended headers and content are read and written by its steps.
// Works on bytes in memory; who reads an archive says of each entry whether it may be there. Nothing is ever unpacked to a disk.
export { type EntryChecks, type TarFile, TarReader } from './reader.ts';
export { TarError } from './tar-error.ts';
export { type PackedFile, writeTar } from './write.ts';
