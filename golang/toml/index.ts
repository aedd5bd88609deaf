// TOML as BurntSushi/toml reads and writes it, with its error texts.
// Works on text and the values of reflect; knows nothing of charts or templates.
export { readToml } from './read.ts';
export { writeToml } from './write.ts';
