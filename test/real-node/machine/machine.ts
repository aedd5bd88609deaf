import { existsSync } from 'node:fs';

import { lastLine, runBounded } from './bounded.ts';
import { CONTROLLERS } from './groups.ts';
import { MachineLacks } from './lacks.ts';
import { inNamespaces } from './namespaces.ts';
import type { SystemPrograms } from './system-programs.ts';

const PROBE_TIMEOUT_MS = 30_000;
const TOOLS = ['setpriv', 'unshare', 'ip', 'mount', 'bash'];

/** Throws `MachineLacks` where it is plain, before anything is fetched or built, that no real node can run on this machine. */
export async function checkMachine(): Promise<void> {
  if (process.platform !== 'linux') throw new MachineLacks('it needs Linux');
  if (process.getuid?.() !== 0) throw new MachineLacks('it needs root');
  const without = CONTROLLERS.find((controller) => !existsSync(`/sys/fs/cgroup/${controller}/cgroup.procs`));
  if (without !== undefined) {
    throw new MachineLacks(`it needs cgroups of version 1, and the hierarchy '${without}' is not in /sys/fs/cgroup`);
  }
  const { code, stdout } = await runBounded(
    'sh',
    ['-c', `for t in ${TOOLS.join(' ')}; do command -v $t || echo no $t; done`],
    5000,
  );
  const missing = stdout.split('\n').find((line) => line.startsWith('no '));
  if (code !== 0 || missing !== undefined)
    throw new MachineLacks(`it needs the program '${missing?.slice(3) ?? 'sh'}'`);
}

/** Each line is a thing that a node does; the first that fails is what the machine lacks. */
const PROBE = [
  ['a group in each cgroup hierarchy', 'for c in $CONTROLLERS; do mkdir /sys/fs/cgroup/$c/$GROUP; done'],
  ['to remove such a group', 'for c in $CONTROLLERS; do rmdir /sys/fs/cgroup/$c/$GROUP; done'],
  [
    'a network bridge',
    'ip link set lo up; ip link add br-probe type bridge; ip addr add 10.200.0.1/32 dev br-probe; ip link set br-probe up',
  ],
  ['a pair of network devices', 'ip link add probe-a type veth peer name probe-b'],
  ['a namespace in a namespace', 'unshare --net --pid --fork true'],
  ['to forward packets', 'echo 1 > /proc/sys/net/ipv4/ip_forward'],
  ['a file system in memory', 'mount -t tmpfs probe /run'],
  ['a bind mount', 'mkdir /run/lower /run/upper /run/work /run/merged; mount --bind /run/lower /run/lower'],
  [
    'an overlay mount',
    'mount -t overlay -o lowerdir=/run/lower,upperdir=/run/upper,workdir=/run/work overlay /run/merged',
  ],
  ['shared mounts', 'mount --make-rshared /'],
  [
    'nftables with NAT',
    'LD_LIBRARY_PATH=$LIBRARIES $NFT "add table ip probe; add chain ip probe nat { type nat hook postrouting priority 100; }; ' +
      'add rule ip probe nat meta mark and 1 == 1 masquerade; add rule ip probe nat fib daddr type local numgen random mod 2 vmap { 0 : accept, 1 : accept }"',
  ],
] as const;

/** Does once, in namespaces of their own that end at once, what a node does to the kernel; throws `MachineLacks` where that is refused. */
export async function probeKernel({ nft, libraries }: SystemPrograms): Promise<void> {
  const script = PROBE.map(([what, command]) => `echo '${what}'\n${command}`).join('\n');
  const [program, ...args] = inNamespaces(['bash', '-e', '-c', script]);
  const ended = await runBounded(program, args, PROBE_TIMEOUT_MS, {
    CONTROLLERS: CONTROLLERS.join(' '),
    GROUP: `coxswain-probe-${process.pid}`,
    NFT: nft,
    LIBRARIES: libraries,
  });
  if (ended.code === 0) return;
  const step = lastLine(ended.stdout) || 'namespaces of its own';
  throw new MachineLacks(`it needs ${step}: ${lastLine(ended.stderr)}`);
}
