// Go's archive/tar, as far as reading goes: headers, extended headers and content, by its steps.
// Works on bytes in memory; who reads an archive says of each entry whether it may be there. Nothing is ever unpacked to a disk.
export { type EntryChecks, type TarFile, TarReader } from './reader.ts';
export { TarError } from './tar-error.ts';
