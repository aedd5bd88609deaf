import { styleText } from 'node:util';

const WIDTH = 100;

/** Says that a part of the demo begins. */
export function showHeading(text: string): void {
  write(`\n\n${styled('bold', `== ${text}`)}\n`);
}

/** Explains, in lines of at most 100 characters. */
export function say(text: string): void {
  write(`\n${styled('cyan', wrapped(text))}\n`);
}

/** Shows a command as it is typed. */
export function showCommand(line: string): void {
  write(`\n${styled('bold', `$ ${line}`)}\n`);
}

/** Shows what a command wrote, as it is. */
export function showOutput(text: string): void {
  write(text);
}

function wrapped(text: string): string {
  const lines: string[] = [''];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1) ?? '';
    if (last.length + word.length + 1 > WIDTH) lines.push(word);
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`;
  }
  return lines.join('\n');
}

function styled(format: 'bold' | 'cyan', text: string): string {
  return styleText(format, text, { stream: process.stdout });
}

function write(text: string): void {
  process.stdout.write(text);
}
