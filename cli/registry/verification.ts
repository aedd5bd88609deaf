import { readFile } from 'node:fs/promises';

import type { VerificationPolicy } from '../../registry-client/index.ts';
import { CliError, reasonOf } from '../errors.ts';

/** By whose keys a chart has to be signed, for `readArguments`. */
export const VERIFICATION_OPTIONS = {
  keyring: { type: 'string', multiple: true },
  'cosign-key': { type: 'string', multiple: true },
} as const;

/** The part of a command's usage about them. */
export const VERIFICATION_USAGE = `  --keyring FILE          require a provenance file signed with a key in this keyring; may be repeated
  --cosign-key FILE       require a cosign signature made with this key; may be repeated`;

/** What the user chose. */
export interface VerificationFlags {
  readonly keyring?: readonly string[] | undefined;
  readonly 'cosign-key'?: readonly string[] | undefined;
}

/** The signatures that the user wants a chart to have; undefined where none are asked for. Throws CliError. */
export async function verificationFor(flags: VerificationFlags): Promise<VerificationPolicy | undefined> {
  const { keyring = [], 'cosign-key': cosignKeys = [] } = flags;
  if (keyring.length > 0 && cosignKeys.length > 0) throw new CliError('Usage', 'use either --keyring or --cosign-key');
  const files = [...keyring, ...cosignKeys];
  if (files.length === 0) return undefined;
  return { provider: keyring.length > 0 ? 'Helm' : 'Cosign', keys: await Promise.all(files.map(readKey)) };
}

async function readKey(path: string): Promise<{ name: string; content: Uint8Array }> {
  try {
    return { name: path, content: await readFile(path) };
  } catch (cause) {
    throw new CliError('Unreadable', `the key ${path} cannot be read: ${reasonOf(cause)}`, { cause });
  }
}
