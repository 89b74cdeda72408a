/** From how many networks a program calls that has a place of its own. */
const NETWORKS_MAX = 3;
/** A token used for a shorter time says nothing about what uses it. */
const DAYS_MIN = 7;
const DAY = 86_400_000;

/** What is known of a token's use; `agents` are names of programs, and `browser` for any browser. */
export interface TokenUseFacts {
  readonly networks: readonly string[];
  readonly permissions: readonly string[];
  readonly agents: readonly string[];
  readonly firstAt: number | null;
  readonly lastAt: number | null;
}
export type ServiceAppVerdict = { readonly could: boolean; readonly why: string };

/**
 * Could a token be replaced by a service app, whose key never leaves its host and whose rights are its own? It could where
 * programs alone use it, for some time, from a few networks.
 */
export const judgeServiceApp = ({
  networks,
  agents,
  permissions,
  firstAt,
  lastAt,
}: TokenUseFacts): ServiceAppVerdict => {
  const no = (why: string): ServiceAppVerdict => ({ could: false, why });
  if (firstAt === null || lastAt === null || agents.length === 0) return no('It was not used yet.');
  if (agents.includes('browser')) return no('A browser used it: perhaps a person does.');
  if (networks.length > NETWORKS_MAX) return no(`It is used from ${networks.length} networks.`);
  if (lastAt - firstAt < DAYS_MIN * DAY) return no(`Its use is known for less than ${DAYS_MIN} days.`);
  const from = networks.length === 1 ? 'one network' : `${networks.length} networks`;
  return {
    could: true,
    why: `Programs alone use it, from ${from}, with ${permissions.length} ${permissions.length === 1 ? 'permission' : 'permissions'}.`,
  };
};
