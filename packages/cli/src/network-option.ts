import { byPrefix, notFound } from './by-prefix.ts';
import { usageError } from './cli-error.ts';
import type { Turn } from './verb.ts';

/** From where a machine may use its credential: of tokens and of service apps. */
export const NETWORK_OPTIONS = [
  ['--zone <zone...>', 'from where it works: zones by name or id, or “loopback”, or “anywhere”'],
  ['--reason <text>', 'why it must work from anywhere'],
] as const;

/** The network that was asked for; null where none was. “Anywhere” needs its reason, before anything is sent. */
export const networkOf = async (turn: Turn) => {
  const given = turn.options['zone'] as readonly string[] | undefined;
  const reason = turn.text('reason')?.trim() ?? '';
  if (given === undefined) return null;
  if (given.some((one) => one === 'anywhere' || one === 'loopback')) {
    if (given.length > 1) throw usageError('--zone: “anywhere” and “loopback” stand alone');
    if (given[0] === 'loopback') return { network: { connection: 'LOOPBACK' as const } };
    if (reason === '')
      throw usageError(
        '--reason: say why it must work from anywhere; whoever has the credential can then use it from any network',
        "--zone anywhere --reason 'runs on hosts without a fixed address'",
      );
    return { network: { connection: 'ANYWHERE' as const }, anywhereReason: reason };
  }
  const zones: { readonly id: string; readonly name: string }[] = [];
  for await (const page of turn.client().pages('zones.list', {})) zones.push(...page);
  const include = given.map((typed) => {
    const zone = zones.find(({ name }) => name === typed) ?? byPrefix(zones, typed);
    if (zone === null) throw notFound('zone', typed, 'sallyport zone list');
    return zone.id;
  });
  return { network: { connection: 'ZONE' as const, include } };
};
