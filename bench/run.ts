/** `npm run bench`: every benchmark, printed and written to `RESULTS.md`. Ratios compare; microseconds do not. */
import { writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { benchEventWrites } from './event-writes.ts';
import { benchNginx } from './nginx.ts';
import { benchPolicyEvaluation } from './policy-evaluation.ts';
import { benchSessionCheck } from './session-check.ts';
import { benchSignInNames } from './sign-in-names.ts';
import { benchZoneLookup } from './zone-lookup.ts';

const BENCHES = [
  benchSessionCheck,
  benchNginx,
  benchEventWrites,
  benchPolicyEvaluation,
  benchZoneLookup,
  benchSignInNames,
];

const sections: string[] = [];
for (const bench of BENCHES) {
  const { title, lines } = await bench();
  console.log(`# ${title}\n${lines.join('\n')}\n`);
  sections.push(`## ${title}\n\n${lines.map((line) => `- ${line}`).join('\n')}\n`);
}
const machine = `${availableParallelism()} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.versions.node}`;
writeFileSync(
  new URL('RESULTS.md', import.meta.url),
  `# Benchmarks\n\nWritten by \`npm run bench\` on ${new Date().toISOString().slice(0, 10)}, ${machine}. Ratios are CPU per request divided by that of\na bare \`node:http\` server in the same run, which is sent the same requests.\n\n${sections.join('\n')}`,
);
